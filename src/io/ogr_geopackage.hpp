#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "io/ogr_session.hpp"
#include <wangge/execution.hpp>
#include <wangge/geometry.hpp>

namespace wangge::io {

/// A GeoPackage being written: in memory, in one transaction, the same content giving the same bytes, and put in place
/// of the file at the end. Where the caller wishes to stop, a row or `replace` throws Error{stopped}.
class GeoPackage {
 public:
  explicit GeoPackage(const Execution& execution);

  struct Column {
    std::string name;
    OGRFieldType type;
    bool boolean = false;
  };

  /// One layer; rows are added one after the other. Cells left unset are NULL.
  class Table {
   public:
    Table& text(const std::string& value);  ///< the next column; NULL where empty
    Table& whole(std::int64_t value);
    Table& real(double value);  ///< NULL where not a number
    Table& null();
    /// Ends the row.
    void add(const MultiPolygon& polygons);
    void add(Position point);
    void add(const Line& line);
    void add();

   private:
    friend class GeoPackage;
    Table(GeoPackage& package, OGRLayer* layer);
    void add(std::unique_ptr<OGRGeometry> geometry);
    OGRFeature& row();
    GeoPackage* package_;
    OGRLayer* layer_;
    OgrFeature row_;
    int column_ = 0;
  };

  /// `type` is wkbNone for a table without geometry. Column names must differ in more than case.
  Table create(const std::string& name, OGRwkbGeometryType type, const std::vector<Column>& columns,
               const std::string& description = {});

  /// Throws Error{not_writable}.
  void replace(const std::filesystem::path& file);

 private:
  [[noreturn]] void refuse() const;
  void leave_if_stopped() const;
  void row_added();

  const Execution& execution_;
  std::size_t rows_ = 0;
  GdalMessages messages_;
  ThreadOption no_clock_{"OGR_CURRENT_DATE", "1970-01-01T00:00:00.000Z"};
  ThreadOption journal_{"OGR_SQLITE_JOURNAL", "MEMORY"};
  ThreadOption no_flush_{"OGR_SQLITE_SYNCHRONOUS", "OFF"};
  MemoryFile memory_{"new.gpkg"};
  OGRSpatialReference wgs84_;
  Dataset dataset_;
};

}  // namespace wangge::io
