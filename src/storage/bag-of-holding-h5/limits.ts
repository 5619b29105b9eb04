/** The most bytes that one array may have: HDF5 works in a 32 bit memory of 2 GiB, whose free parts may lie apart. */
export const largestArrayBytes: number = 2 ** 30;
/** Texts of more units than this are kept as bytes: as texts, HDF5 and h5wasm hold several copies of them in that memory. */
export const longestText: number = 2 ** 26;
/** The most axes of an HDF5 dataset. */
export const mostAxes = 32;
/** How deep a bag may nest. What lies deeper is kept as text, since each level lengthens the paths of all below it. */
export const deepestLevel = 60;
/**
 * The most HDF5 objects in one bag. Each costs a third of a millisecond and about 300 bytes; a list of ten thousand
 * records would take a quarter of a minute. What goes beyond is kept as text.
 */
export const mostObjects = 1000;
/** Lists of more numbers than this become one array. */
export const longestNumberList = 100;
