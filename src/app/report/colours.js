// Purple for too few households, orange for too many (after ColorBrewer's PuOr, which colour-blind readers can tell
// apart), the lighter the nearer to the target.

function classesOf({range: [min, max], target}) {
  const near = Math.max(1, Math.round((max - min) / 5));
  const low = Math.max(min, target - near), high = Math.min(max, target + near);
  const all = [
    {key: 'below', colour: '#7a5aa6', text: `below ${min}`, has: (n) => n < min},
    {key: 'low', colour: '#cdc5e3', text: `${min}–${low - 1}`, has: (n) => n < low},
    {key: 'near', colour: '#edf1e6', text: `${low}–${high}: near ${target}, the target`, has: (n) => n <= high},
    {key: 'high', colour: '#fbd49b', text: `${high + 1}–${max}`, has: (n) => n <= max},
    {key: 'above', colour: '#d9651d', text: `above ${max}`, has: () => true},
  ];
  return all.filter(({key}) => !(key === 'low' && low === min) && !(key === 'high' && high === max));
}

const dedicatedClass = {key: 'dedicated', colour: '#dfe3e2', text: 'dedicated: park, school …', pattern: 'hatched'};
const upperClass = {key: 'upper', colour: '#f4f4f2', text: 'not divided'};

/** Sets each finest area's class; returns the classes with the number of areas in each. */
function classify(plan) {
  const classes = [...classesOf(plan), dedicatedClass, upperClass].map((c) => ({...c, count: 0}));
  const of = (key) => classes.find((c) => c.key === key);
  for (const area of plan.leaves) {
    if (area.level !== 'micro_grid') area.colourClass = of('upper');
    else if (area.dedicated) area.colourClass = of('dedicated');
    else area.colourClass = classes.find((c) => c.has(area.households));
    ++area.colourClass.count;
  }
  return classes;
}

// Roads and rivers are wide and light, so that a border which follows one shows as a dark line along its middle.
const barrierStyles = {
  hard: {text: 'hard barriers: river, railway …', colour: '#6f9fc8', width: 3.6, dash: [], from: 0},
  soft: {text: 'soft barriers: main roads', colour: '#d8b274', width: 4.2, dash: [], from: 11},
  wall: {text: 'walls, compound outlines', colour: '#9a8ca1', width: 1.1, dash: [5, 3], from: 16},
  street: {text: 'streets', colour: '#ffffff', width: 3, dash: [], from: 14},
};
const borderStyles = [
  {colour: '#4d5862', width: 1.3},
  {colour: '#37414a', width: 1.9},
  {colour: '#20282f', width: 2.4},
];
const buildingColours = {homes: '#a39d94', other: '#cfcbc5'};
