module
@[expose] public noncomputable section
set_option linter.unusedVariables false
set_option maxRecDepth 1000000
namespace T22Hash
-- SHA-256 compression of one block over BitVec 32
abbrev W := BitVec 32
def K : List W := [0x428a2f98#32,0x71374491#32,0xb5c0fbcf#32,0xe9b5dba5#32,0x3956c25b#32,0x59f111f1#32,0x923f82a4#32,0xab1c5ed5#32,0xd807aa98#32,0x12835b01#32,0x243185be#32,0x550c7dc3#32,0x72be5d74#32,0x80deb1fe#32,0x9bdc06a7#32,0xc19bf174#32,0xe49b69c1#32,0xefbe4786#32,0x0fc19dc6#32,0x240ca1cc#32,0x2de92c6f#32,0x4a7484aa#32,0x5cb0a9dc#32,0x76f988da#32,0x983e5152#32,0xa831c66d#32,0xb00327c8#32,0xbf597fc7#32,0xc6e00bf3#32,0xd5a79147#32,0x06ca6351#32,0x14292967#32,0x27b70a85#32,0x2e1b2138#32,0x4d2c6dfc#32,0x53380d13#32,0x650a7354#32,0x766a0abb#32,0x81c2c92e#32,0x92722c85#32,0xa2bfe8a1#32,0xa81a664b#32,0xc24b8b70#32,0xc76c51a3#32,0xd192e819#32,0xd6990624#32,0xf40e3585#32,0x106aa070#32,0x19a4c116#32,0x1e376c08#32,0x2748774c#32,0x34b0bcb5#32,0x391c0cb3#32,0x4ed8aa4a#32,0x5b9cca4f#32,0x682e6ff3#32,0x748f82ee#32,0x78a5636f#32,0x84c87814#32,0x8cc70208#32,0x90befffa#32,0xa4506ceb#32,0xbef9a3f7#32,0xc67178f2#32]
def rotr (x : W) (n : Nat) : W := (x >>> n) ||| (x <<< (32 - n))
def sched : Nat → List W → List W
  | 0, ws => ws.reverse
  | n + 1, ws => -- ws is newest first
    let w := fun i => ws.getD (i - 1) 0#32
    let s0 := rotr (w 15) 7 ^^^ rotr (w 15) 18 ^^^ (w 15) >>> 3
    let s1 := rotr (w 2) 17 ^^^ rotr (w 2) 19 ^^^ (w 2) >>> 10
    sched n ((w 16 + s0 + w 7 + s1) :: ws)
structure St where (a b c d e f g h : W) deriving DecidableEq
def round (s : St) (kw : W × W) : St :=
  let S1 := rotr s.e 6 ^^^ rotr s.e 11 ^^^ rotr s.e 25
  let ch := (s.e &&& s.f) ^^^ (~~~s.e &&& s.g)
  let t1 := s.h + S1 + ch + kw.1 + kw.2
  let S0 := rotr s.a 2 ^^^ rotr s.a 13 ^^^ rotr s.a 22
  let maj := (s.a &&& s.b) ^^^ (s.a &&& s.c) ^^^ (s.b &&& s.c)
  ⟨t1 + (S0 + maj), s.a, s.b, s.c, s.d + t1, s.e, s.f, s.g⟩
def iv : St := ⟨0x6a09e667#32, 0xbb67ae85#32, 0x3c6ef372#32, 0xa54ff53a#32, 0x510e527f#32, 0x9b05688c#32, 0x1f83d9ab#32, 0x5be0cd19#32⟩
def compress (n : Nat) (ws : List W) : St := ((K.zip (sched 48 ws.reverse)).take n).foldl round iv
def abc : List W := 0x61626380#32 :: List.replicate 14 0#32 ++ [24#32]
theorem sha_rounds1 : (((K.zip (sched 4 abc.reverse)).take 1).foldl round iv).a = 0x5d6aebcd#32 := by decide +kernel
theorem sha_rounds2 : (((K.zip (sched 4 abc.reverse)).take 2).foldl round iv).a = 0x5a6ad9ad#32 := by decide +kernel
end T22Hash
