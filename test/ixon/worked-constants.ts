/**
 * Worked constants of the format description (ixon.md 2.5-2.7, 4.5, 4.6) as [name, bytes, address]. Where the bytes
 * are a block and the name does not say so, the address is that of the block's first inductive.
 */

export const NAT = '398a7706cf13f223992d173dce07946857240f49afcc743723e839f8f3f2b631'
export const NAT_ZERO = 'd397370157fb9ae2c6e1eda79feb10bf497401741aba788fab726cfa4c467db6'
export const NAT_SUCC = 'def52d1dad5f10cf9893c945e169718d62b15e2dd2c9066e597b9d4570ba056e'
export const NAT_BLOCK = '633e62ea2c8f88fb9f43e5f2f4514e4bb9225deaec7b5f869a938e758198e115'
export const BOOL_BLOCK = 'c0f99f3cc846aceabdba2eb3e1907200372e7a4b52a4a733df7f0d30b84b3978'
export const BOOL = 'e6eba3c8b4d19f6a1076b39fa89aec61dccbb960f83d9a62e6acf35a69c9a0a4'
export const BOOL_FALSE = 'dda12bcb330727f6dfb816bc9752aabd0520e6515b79fc8a5a9e713866f4c63e'
export const BOOL_TRUE = 'a29a636176cf1135d077eb074798f9007c78e7801383e9cff363bae5edf05762'
export const TRUE_INTRO = 'f4bc2a9e8e268eb352f719657d8806b072a555a29f2eb85e72805fddc9cd0191'
export const INHABITED = '3202763ebf50152e1b4e5dd8401a369843f044f83f92ed99be090e7935aa4d5f'
export const TRUE = 'e35ab17358fae7a81efb3d94a164fd3f85ab8b0c888aaa071cfe0d60ffbc1cac'
const NAT_0 = '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213'
const NAT_300 = '8342e1b707d1d666934df7abf1ded79ca0cd23e71eac2bb47520df5038ba7837'

export const ID_BYTES = 'd001019200101182001010000001c0'
export const ID = '71526128a0948658969223303fc252dde43778527a4793dcf2ef0b3bf6ec19eb'

export const MUTUAL_TR_FO_BLOCK = 'fd42ed98ede0c4526d8bfab18a14b79a5dcdb899cf332007df1683b899938da3'
export const UNSAFE_PAIR_BLOCK = '2c3f6934fe2d8e9feef9d7f954c8161c54670f7f24deff2bdf37cee2106a3c48'

const projection = (head: string, block: string) => `${head}${block}000000`

export const WORKED_CONSTANTS: readonly (readonly [name: string, bytes: string, address: string])[] = [
  ['Bool block', 'c10100000000000200000000003000000001000030000000010100', BOOL_BLOCK],
  ['Bool', projection('d600', BOOL_BLOCK), BOOL],
  ['Bool.false', projection('d40000', BOOL_BLOCK), BOOL_FALSE],
  ['Bool.true', projection('d40001', BOOL_BLOCK), BOOL_TRUE],
  ['Nat block', 'c1010000000000020000000000b0000001000191b0b001300000010100', NAT_BLOCK],
  ['Nat', projection('d600', NAT_BLOCK), NAT],
  ['Nat.zero', projection('d40000', NAT_BLOCK), NAT_ZERO],
  ['Nat.succ', projection('d40001', NAT_BLOCK), NAT_SUCC],
  [
    'Quot',
    'd300019201921011000100000200c0',
    'ab682c1778a17bbeae4032974df36447ce8bfcab6764a36d378566e3ad63cab8',
  ],
  ['True', 'c1010000000000010000000000300000000100', TRUE],
  ['False', 'c10100000000000000000100', 'a1236045140ac2abbe152958348434fb84496596f9fc5dcbbd585b8174c43927'],
  ['Empty', 'c1010000000000000000010100', '0ac506ba734d180963584489282a1cc047c14b04e9c5634e741d04b3780ab82a'],
  [
    'And',
    'c10100000200920000000100000002029400001111723000131200000100',
    'a2f6ae51d8639fe01f4e970b54f7995f4b0caf8373f5d7a36d1712b1fcf43a08',
  ],
  [
    'Option',
    'c10100010100910000020001000100910071b010000101010192001071b01101310001000201c0c0',
    'dc92539280dae683771f9b01b44f713e81f6cd8eaf203398509af56287a2c1cb',
  ],
  [
    'Prod',
    'c101000202009200010201000200020294000111117232000304131200000501c001c14001c001c1c0c1',
    '81fe0a307d6b57ffaa50d2fb5afe1544dcb23ff76683079639e054c11826df47',
  ],
  ['id', ID_BYTES, ID],
  [
    'outParam',
    'd00101910000810010000001c0',
    'aeeb1898e2654bf0460ea80cc21f1511d82b8e78cdada8d7ce02de5218a29a44',
  ],
  [
    'Function.const',
    'd00102940001111113840001111111000002c0c1',
    'a422a1cf62dec388ca71e22bacf48c2618bd6e6007f7cba33869f07eb9526ca3',
  ],
  [
    'Function.comp',
    'd0010396000102b0b1141386000102b0b1147112711110029111119113130003c0c1c2',
    '76b080d9f76135267ad2aecc2e1f09b80532ea4bb500f8593e646c1693c1151b',
  ],
  ['lcProof', 'd2010091001000000100', '0f1fa5f01c40ea9c65faa8939a20cec38579e26d0fecb20c051bb58c424c094b'],
  [
    'def foo : Nat := 300',
    `d001002000610002${NAT}${NAT_300}00`,
    '15a4253e423462702885239dbc2e3524673e9b986ba3dafe6e4cb2b066713768',
  ],
  [
    'def foo : Nat := 0',
    `d001002001600002${NAT_0}${NAT}00`,
    '549f2621426e42c8e5d2a5830decfc081456280f872531c953f5b9cdbdb1eb8b',
  ],
  [
    'fun n => let m := n; m',
    `d0010091b0b081b0a0b0101001200001${NAT}00`,
    '0cc019fcf7481fe70383760c591916cb9d6cf77a38d9eeb99a70c492cf2045e8',
  ],
  [
    'fun n => have m := n; m',
    `d0010091b0b081b0a1b0101001200001${NAT}00`,
    'cb29e3b46cb4112b24840a4dcc1b6494a3bbfffd1916b52b76b2efcefc1ed2ef',
  ],
  [
    'axiom with type All [Sort (imax (u+1) u)] (Var 0)',
    'd200019100100000018001c0c0',
    '48b0d8616b00a31017147db8323cda4db18d41e135c973b9719259558bb864a1',
  ],
  [
    'partial def h',
    `d0020091b0b081b07130001001200001${NAT}00`,
    '69b720caddca2dc204dd3b223dffb6f2da8ab83f8f3276b2117b14c4ec484d83',
  ],
  ['Inhabited', 'c10100010100910100010001000101920110713100011100000240c00100c0', INHABITED],
  [
    'Inhabited.default',
    `d001019200b1118200b14000100221000071b01001${INHABITED}01c0`,
    '327699e8f9e56cdaf2c53efb726c9ad2e8528729203c80ac348c962e4a1fd303',
  ],
  [
    'Tr and Fo',
    'c201000000000001000000000292b1b0b0010000000000020000000000b1000001000191b0b1023000300100010100',
    MUTUAL_TR_FO_BLOCK,
  ],
  [
    'Fo',
    projection('d600', MUTUAL_TR_FO_BLOCK),
    '86ad7ed54233e090bf444475f6d89e8efeb97be06e0e00dc58a1b1f6994020a3',
  ],
  [
    'Tr',
    projection('d601', MUTUAL_TR_FO_BLOCK),
    '45f9f69e853a8967ceee95212bac3b8c765b55d27d07c937f1d2d566f0445f95',
  ],
  [
    'Tr.node',
    projection('d40101', MUTUAL_TR_FO_BLOCK),
    'c59848e8101b763fdebd847dfef53c85ca6388d3bc84f8f13eb432a186914402',
  ],
  [
    'unsafe f := g, g := f',
    `d00000912000200030000001${NAT}00`,
    '73e34f7f897f73ccf8a4c8b6509dd9c4a273a271f035d88b647c0f77a5c3813b',
  ],
  [
    'unsafe f, g with different bodies',
    `c2000000b181b071300110000000b181b07120017130001002200091b0b002${NAT}${NAT_SUCC}00`,
    UNSAFE_PAIR_BLOCK,
  ],
  [
    'its f',
    projection('d700', UNSAFE_PAIR_BLOCK),
    'ef65090ed18062051b16b4dec39a0d199f536cf84c41167b447a9d69f63821ad',
  ],
  [
    'theorem pm : True := True.intro',
    `d00900200020010002${TRUE}${TRUE_INTRO}00`,
    '99b6adafc2b57c21a78fb9d78df81dcbed576892359720f7b8bccd530cfb7b2b',
  ],
  [
    'True.rec',
    `d101010000010193b2b0b1711210010082b2b0100371102001200091b10002${TRUE}${TRUE_INTRO}01c0`,
    'f48adf80c2f2359720a1e3a827f55ff88aa75b1c89e0e3f83cf6f23ec3eb3715',
  ],
]
