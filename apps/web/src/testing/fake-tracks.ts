/** A moving picture from a canvas, for pictured states. `hue` in degrees, its size in pixels. */
export function fakeVideoTrack(hue: number, width = 1_280, height = 720): MediaStreamTrack | undefined {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  if (!pen) return undefined;
  let turn = 0;
  setInterval(() => paint(pen, canvas, hue, ++turn), 100);
  paint(pen, canvas, hue, turn);
  return canvas.captureStream(10).getVideoTracks()[0];
}

function paint(
  pen: CanvasRenderingContext2D,
  { width, height }: HTMLCanvasElement,
  hue: number,
  turn: number,
): void {
  const sky = pen.createLinearGradient(0, 0, width, height);
  sky.addColorStop(0, `hsl(${hue} 45% 72%)`);
  sky.addColorStop(1, `hsl(${hue + 40} 40% 38%)`);
  pen.fillStyle = sky;
  pen.fillRect(0, 0, width, height);
  const centre = width / 2 + Math.sin(turn / 10) * 20;
  pen.fillStyle = `hsl(${hue + 20} 30% 22%)`;
  pen.beginPath();
  pen.ellipse(centre, height * 1.02, width * 0.22, height * 0.42, 0, 0, Math.PI * 2);
  pen.fill();
  pen.fillStyle = "hsl(24 40% 66%)";
  pen.beginPath();
  pen.ellipse(centre, height * 0.4, width * 0.085, height * 0.2, 0, 0, Math.PI * 2);
  pen.fill();
}
