/** What Hournote uses of zxing-wasm's reader; see README.md beside. */
export interface Point {
  x: number;
  y: number;
}
export interface ReadResult {
  isValid: boolean;
  text: string;
  position: { topLeft: Point; topRight: Point; bottomRight: Point; bottomLeft: Point };
}
export interface ReaderOptions {
  formats?: string[];
  tryHarder?: boolean;
  tryRotate?: boolean;
  tryInvert?: boolean;
  tryDownscale?: boolean;
  tryDenoise?: boolean;
  binarizer?: "LocalAverage" | "GlobalHistogram" | "FixedThreshold" | "BoolCast";
  downscaleFactor?: number;
  downscaleThreshold?: number;
  maxNumberOfSymbols?: number;
  returnErrors?: boolean;
  textMode?: "Plain" | "ECI" | "HRI" | "Escaped" | "Hex" | "HexECI";
}
export const ZXING_WASM_VERSION: string;
export const ZXING_WASM_SHA256: string;
export function prepareZXingModule(options: {
  overrides?: { locateFile?: (path: string, prefix: string) => string };
  fireImmediately?: boolean;
}): Promise<unknown> | void;
export function readBarcodes(input: ImageData, options?: ReaderOptions): Promise<ReadResult[]>;
