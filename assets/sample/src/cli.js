import { averageDistance, longestWalk, totalDistance } from './stats.js';
import { loadWalks } from './walks.js';

const print = (line) => process.stdout.write(`${line}\n`);

const walks = loadWalks();
const longest = longestWalk(walks);

if (process.argv[2] === 'longest') {
  print(`${longest.name}, ${longest.distance} km`);
} else {
  print(`${walks.length} walks, ${totalDistance(walks).toFixed(1)} km in all`);
  print(`${averageDistance(walks).toFixed(1)} km on average, ${longest.name} was the longest`);
}
