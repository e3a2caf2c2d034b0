# Builds the library of SOURCE alone in WORK, without GDAL. As a shared library that may lack no symbol, so that a call
# to something which is left out then is seen too; unoptimised, which is quicker and as telling.
function(step)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "failed: ${ARGV}\n${output}")
  endif()
endfunction()

step(${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK} -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${COMPILER}
  -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0 -DBUILD_SHARED_LIBS=ON
  -DCMAKE_SHARED_LINKER_FLAGS=-Wl,--no-undefined -DWANGGE_GDAL=OFF -DWANGGE_PROGRAM=OFF -DWANGGE_TESTS=OFF
  -DWANGGE_BENCHMARKS=OFF -DWANGGE_INSTALL=OFF)
step(${CMAKE_COMMAND} --build ${WORK} --parallel 2)
