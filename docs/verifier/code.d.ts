/** A module bundled by build.mjs, as text. */
declare module '*?code' {
  const code: string
  export default code
}
