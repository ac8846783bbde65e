module
import Std.Tactic.BVDecide
@[expose] public noncomputable section
set_option linter.unusedVariables false
namespace T09Bits
theorem b1 (x y : BitVec 32) (h : x < y) : x ≤ y := by bv_omega
theorem b2 (x y : BitVec 8) (h : x.toNat + y.toNat < 256) : (x + y).toNat = x.toNat + y.toNat := by bv_omega
theorem b3 (x : BitVec 16) (h : x < 100#16) : x + 1#16 > x := by bv_omega
theorem b4 {w} (x y : BitVec w) : x + y = y + x := BitVec.add_comm x y
theorem b5 {w} (x y : BitVec w) : x - y = x + -y := by exact BitVec.sub_eq_add_neg x y
theorem b6 {w} (x : BitVec w) : x ^^^ x = 0#w := by simp
theorem b7 {w} (x y : BitVec w) : x &&& y = y &&& x := by ext i hi; simp [Bool.and_comm]
theorem b8 {w} (x y z : BitVec w) : x &&& (y ||| z) = (x &&& y) ||| (x &&& z) := by ext i hi; simp [Bool.and_or_distrib_left]
theorem b10 : ∀ x : BitVec 6, x + x = x <<< 1 := by decide +kernel
theorem b11 : ∀ x y : BitVec 4, (x ^^^ y) + 2 * (x &&& y) = x + y := by decide +kernel
theorem b12 : ∀ x : BitVec 8, (x &&& (x - 1)) = 0 ↔ (x = 0 ∨ x = 1 ∨ x = 2 ∨ x = 4 ∨ x = 8 ∨ x = 16 ∨ x = 32 ∨ x = 64 ∨ x = 128) := by decide +kernel
theorem u8_all : ∀ x : Fin 256, (UInt8.ofFin x) ^^^ 0xff = 255 - UInt8.ofFin x := by decide +kernel
theorem n1 (a b : Nat) : a &&& b = b &&& a := Nat.and_comm a b
theorem n2 (a i : Nat) : (a <<< i) >>> i = a := by simp
theorem n3 (a b : Nat) : Nat.testBit (a ^^^ b) 3 = (Nat.testBit a 3 ^^ Nat.testBit b 3) := by simp
theorem n4 (a : Nat) (h : a < 256) : a &&& 0xff = a := by rw [show (0xff:Nat) = 2 ^ 8 - 1 by rfl, Nat.and_two_pow_sub_one_eq_mod]; omega
def popcount (w : Nat) (x : Nat) : Nat := match w with | 0 => 0 | w + 1 => x % 2 + popcount w (x / 2)
theorem popcount_t : popcount 32 0xdeadbeef = 24 := by decide
theorem popcount_le (w x : Nat) : popcount w x ≤ w := by
  induction w generalizing x with | zero => simp [popcount] | succ w ih => have := ih (x / 2); simp only [popcount]; omega
def crc (poly : BitVec 16) : List (BitVec 8) → BitVec 16 → BitVec 16
  | [], c => c
  | b :: bs, c =>
    let step (c : BitVec 16) : BitVec 16 := if c.msb then (c <<< 1) ^^^ poly else c <<< 1
    let c := c ^^^ (b.zeroExtend 16 <<< 8)
    crc poly bs (step (step (step (step (step (step (step (step c))))))))
theorem crc_t : crc 0x1021#16 [0x31#8, 0x32#8, 0x33#8, 0x34#8, 0x35#8, 0x36#8, 0x37#8, 0x38#8, 0x39#8] 0xffff#16 = 0x29b1#16 := by decide +kernel
def lfsr (x : UInt32) : UInt32 := let x := x ^^^ (x <<< 13); let x := x ^^^ (x >>> 17); x ^^^ (x <<< 5)
theorem lfsr_t : lfsr (lfsr 1) = 67634689 := by decide +kernel
def fnv (xs : List UInt8) : UInt64 := xs.foldl (fun h b => (h ^^^ b.toUInt64) * 1099511628211) 14695981039346656037
theorem fnv_t : fnv [97, 98, 99] = 16654208175385433931 := by decide +kernel
def rotl (x : BitVec 32) (n : Nat) : BitVec 32 := x.rotateLeft n
def quarter (a b c d : BitVec 32) : BitVec 32 × BitVec 32 × BitVec 32 × BitVec 32 :=
  let a := a + b; let d := rotl (d ^^^ a) 16
  let c := c + d; let b := rotl (b ^^^ c) 12
  let a := a + b; let d := rotl (d ^^^ a) 8
  let c := c + d; let b := rotl (b ^^^ c) 7
  (a, b, c, d)
theorem chacha_quarter : quarter 0x11111111#32 0x01020304#32 0x9b8d6f43#32 0x01234567#32 = (0xea2a92f4#32, 0xcb1cf8ce#32, 0x4581472e#32, 0x5881c4bb#32) := by decide +kernel
theorem chacha_rfl : (quarter 0x11111111#32 0x01020304#32 0x9b8d6f43#32 0x01234567#32).1 = 0xea2a92f4#32 := rfl
theorem toInt_t : (0xfe#8).toInt = -2 ∧ BitVec.ofInt 8 (-2) = 0xfe#8 := by decide
theorem sle_t (x : BitVec 8) : x.sle x = true := by simp [BitVec.sle]
theorem getLsb {w} (x y : BitVec w) (h : ∀ i : Fin w, x[i] = y[i]) : x = y := by ext i hi; exact h ⟨i, hi⟩
theorem ofFnish : BitVec.ofBoolListBE [true, false, true] = 5#3 := by decide
theorem carry (x y : BitVec 4) : (x + y).toNat = (x.toNat + y.toNat) % 16 := by simp [BitVec.toNat_add]
theorem i8 (x : Int8) : x + 0 = x := by simp
theorem mulComm (x y : UInt16) : x * y = y * x := UInt16.mul_comm x y
theorem bd2 (x y : BitVec 16) : x + y = y + x := by bv_decide
theorem bd3 (a b : Bool) : (a && b) = !(!a || !b) := by bv_decide
end T09Bits
