/** Whole, with bars beside it, or filling the window with its edges cut off. */
export type PictureFit = "contain" | "cover";

/** In any unit. */
export interface Shape {
  readonly width: number;
  readonly height: number;
}

/** Filling costs at most this part of a side: a sixth. */
const closeRatio = 1.2;

/** How a picture is shown in a frame before the person says: whole, unless their shapes are so close that filling cuts off little. */
export function fitOf(picture: Shape, frame: Shape): PictureFit {
  const ratio = (picture.width * frame.height) / (picture.height * frame.width);
  return Math.max(ratio, 1 / ratio) <= closeRatio ? "cover" : "contain";
}
