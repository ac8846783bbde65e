/** `--allow`: trust in compiled code, by name. */
import { TRUSTED_CODE } from '../kernel/trusted-code.js'

export const ALLOW_OPTION = {
  choices: TRUSTED_CODE,
  array: true,
  describe: 'Accept what rests on this, where Lean trusts compiled code',
} as const
