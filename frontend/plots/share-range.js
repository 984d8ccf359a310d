const Z_95 = 1.96;

/**
 * Where a share lies that was measured on few or many rows: Wilson's interval at 95%.
 * @param {number} share
 * @param {number} rows
 * @returns {[number, number]}
 */
export function shareRange(share, rows) {
  const z2 = Z_95 ** 2 / Math.max(1, rows);
  const middle = (share + z2 / 2) / (1 + z2);
  const spread =
    (Z_95 / (1 + z2)) *
    Math.sqrt((share * (1 - share)) / Math.max(1, rows) + z2 / (4 * Math.max(1, rows)));
  return [Math.max(0, middle - spread), Math.min(1, middle + spread)];
}
