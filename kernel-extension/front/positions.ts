/** Jupyter counts code points where JavaScript counts UTF-16 units. */

/** UTF-16 offset of a position in code points. */
export function toUnits(text: string, points: number): number {
  let units = 0;
  for (let left = points; left > 0 && units < text.length; left--)
    units += (text.codePointAt(units) as number) > 0xffff ? 2 : 1;
  return units;
}

/** Position in code points of a UTF-16 offset. */
export function toPoints(text: string, units: number): number {
  let points = 0;
  for (let at = 0; at < units && at < text.length; points++) at += (text.codePointAt(at) as number) > 0xffff ? 2 : 1;
  return points;
}
