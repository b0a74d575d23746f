/** Where a point of a video's picture is on the page: the picture is fitted into its box, and may be mirrored. */

/**
 * @typedef {object} Box how a video is shown
 * @property {number} videoWidth pixels of the picture
 * @property {number} videoHeight
 * @property {number} width pixels of the page
 * @property {number} height
 * @property {string} fit as CSS `object-fit`
 * @property {[number, number]} place as CSS `object-position`, shares of what is over (0.5 is the middle)
 * @property {boolean} isMirrored
 */

/**
 * @param {HTMLVideoElement} video
 * @param {boolean} isMirrored
 * @returns {Box}
 */
export function boxOf(video, isMirrored) {
  const { objectFit, objectPosition } = getComputedStyle(video);
  const [x, y] = objectPosition.split(" ").map((each) => (each.endsWith("%") ? Number.parseFloat(each) / 100 : 0.5));
  const { videoWidth, videoHeight, clientWidth: width, clientHeight: height } = video;
  return { videoWidth, videoHeight, width, height, fit: objectFit, place: [x, y ?? 0.5], isMirrored };
}

/**
 * @param {Box} box
 * @returns {(point: {x: number, y: number}) => {x: number, y: number}} from the picture to the box
 */
export function placing(box) {
  const across = box.width / Math.max(box.videoWidth, 1);
  const down = box.height / Math.max(box.videoHeight, 1);
  const [scaleX, scaleY] = scalesOf(box.fit, across, down);
  const left = (box.width - box.videoWidth * scaleX) * box.place[0];
  const top = (box.height - box.videoHeight * scaleY) * box.place[1];
  return ({ x, y }) => {
    const shown = left + x * scaleX;
    return { x: box.isMirrored ? box.width - shown : shown, y: top + y * scaleY };
  };
}

/**
 * @param {string} fit
 * @param {number} across how many times as wide as the picture the box is
 * @param {number} down the same of its height
 * @returns {[number, number]}
 */
function scalesOf(fit, across, down) {
  const smaller = Math.min(across, down);
  if (fit === "fill") return [across, down];
  if (fit === "cover") return [Math.max(across, down), Math.max(across, down)];
  if (fit === "none") return [1, 1];
  if (fit === "scale-down") return [Math.min(1, smaller), Math.min(1, smaller)];
  return [smaller, smaller];
}
