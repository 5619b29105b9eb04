/** The most bytes that one array or text may have: HDF5 works in a 32 bit memory of 2 GB, which has to hold it twice. */
export const largestArrayBytes: number = 2 ** 30;
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
