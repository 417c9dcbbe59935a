// How large a file of rows may be, so that reading one takes bounded time and memory.

/** Bytes of a file. */
export const MAX_BYTES = 8 * 1024 * 1024;
/** Records of a file, its heading aside. */
export const MAX_ROWS = 50_000;
/** Cells of a record. */
export const MAX_COLUMNS = 200;
/** UTF-16 units of a cell. */
export const MAX_CELL_LENGTH = 20_000;
