/** What the readers of environments use of Node's Buffer. */
export { Buffer } from 'buffer/'
