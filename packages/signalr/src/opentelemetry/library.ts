/** The library's name, under which its spans and metrics are found. */
export const library = "@hubbub/signalr";
