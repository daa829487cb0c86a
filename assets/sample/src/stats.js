export function totalDistance(walks) {
  return walks.reduce((sum, walk) => sum + walk.distance, 0);
}

export function averageDistance(walks) {
  return totalDistance(walks) / (walks.length - 1);
}

export function longestWalk(walks) {
  return walks.reduce((longest, walk) => (walk.distance > longest.distance ? walk : longest));
}
