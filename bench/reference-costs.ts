/**
 * What the reference's kernel costs under the same model (`transforms`), by the constant's name here: its pinned totals of
 * August 2026, those marked * of September 2026, for a full transitive check. It checks another version of Lean, so its
 * closures differ; the only size that it states is that of Nat.add_comm.
 */
export interface ReferenceCost {
  readonly cost: number
  readonly checked?: number
}

/** What a table of 65,536 byte pairs costs the reference in every check, however small. */
export const REFERENCE_FLOOR = 128_190_000

export const REFERENCE_COSTS: ReadonlyMap<string, ReferenceCost> = new Map([
  ['HEq', { cost: 129_401_040 }],
  ['HEq.rec', { cost: 133_148_547 }],
  ['Eq.rec', { cost: 133_010_671 }], // *
  ['Nat', { cost: 129_434_056 }],
  ['Nat.add', { cost: 166_201_885 }],
  ['Nat.add_comm', { cost: 308_402_453, checked: 42 }],
  ['Nat.decEq', { cost: 373_889_414 }], // *
  ['Nat.decLe', { cost: 777_061_206 }],
  ['Array.append_assoc', { cost: 9_069_712_075 }],
  ['Vector.append', { cost: 9_268_784_695 }],
  ['String.Internal.append', { cost: 2_439_443_551 }],
  ['Lean.Syntax.rec', { cost: 2_493_854_041 }],
  ['Prims.nat_add_lit', { cost: 205_554_370 }],
  ['Prims.nat_div_lit', { cost: 1_371_395_799 }],
  ['Prims.nat_gcd_lit', { cost: 2_157_096_411 }],
  ['Prims.nat_pow_big', { cost: 385_741_876 }],
  ['Prims.nat_cases_big', { cost: 163_000_088 }],
  ['Strings.str_size_lit', { cost: 2_468_126_499 }],
  ['Prims.lazy_unit_cast', { cost: 534_588_120 }],
  ['Inds.Even', { cost: 198_955_196 }],
  ['Inds.Even.rec', { cost: 216_000_626 }],
  ['Inds.Tree.rec', { cost: 139_782_495 }],
  ['Inds.DedupM.rec', { cost: 145_979_900 }],
  ['Inds.AuxTie.rec', { cost: 347_749_398 }],
  ['Inds.IdxTeleN.rec', { cost: 157_234_156 }],
  ['Inds.HiddenIdx.rec', { cost: 132_511_691 }],
  ['Inds.thmMajorUse', { cost: 498_209_507 }],
  ['Inds.deepRebase', { cost: 212_934_853 }],
])
