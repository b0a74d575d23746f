/**
 * @param {string} text base64
 * @returns {Uint8Array<ArrayBuffer>} its bytes
 */
export function fromBase64(text) {
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let place = 0; place < bytes.length; place++) bytes[place] = characters.charCodeAt(place);
  return bytes;
}
