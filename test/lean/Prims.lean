module
/-! Operations on literals, by `rfl`: what a kernel computes on the digits instead of unfolding definitions. -/
@[expose] public noncomputable section
universe u
set_option exponentiation.threshold 100000
namespace Prims

theorem nat_add_lit : 123456 + 654321 = 777777 := rfl
theorem nat_sub_lit : 777777 - 654321 = 123456 := rfl
theorem nat_mul_lit : 1234 * 5678 = 7006652 := rfl
theorem nat_mul_big :
    340282366920938463463374607431768211455 * 340282366920938463463374607431768211455 =
      115792089237316195423570985008687907852589419931798687112530834793049593217025 := rfl
theorem nat_div_lit : 7006655 / 5678 = 1234 := rfl
theorem nat_mod_lit : 7006655 % 5678 = 3 := rfl
theorem nat_succ_lit : Nat.succ 4294967295 = 4294967296 := rfl
theorem nat_pred_lit : Nat.pred 4294967296 = 4294967295 := rfl
theorem nat_gcd_lit : Nat.gcd 123456 7890 = 6 := rfl
theorem nat_land_lit : Nat.land 61680 43690 = 41120 := rfl
theorem nat_lor_lit : Nat.lor 61680 43690 = 64250 := rfl
theorem nat_xor_lit : Nat.xor 61680 43690 = 23130 := rfl
theorem nat_shl_lit : Nat.shiftLeft 5 40 = 5497558138880 := rfl
theorem nat_shr_lit : Nat.shiftRight 5497558138880 40 = 5 := rfl
theorem nat_beq_lit : Nat.beq 123456 123456 = true := rfl
theorem nat_ble_lit : Nat.ble 123456 654321 = true := rfl
theorem nat_pow_lit : 7 ^ 20 = 79792266297612001 := rfl

/-- Subtraction from itself of a number of 512 limbs. -/
theorem nat_pow_big : 2 ^ 16384 - 2 ^ 16384 = 0 := rfl

/-- A match on a literal at a limb's boundary. -/
def isZero : Nat → Bool
  | .zero => true
  | .succ _ => false

def before : Nat → Nat
  | .zero => 0
  | .succ n => n

theorem nat_cases_big : isZero 4294967296 = false := rfl
theorem nat_cases_pred : before 4294967296 = 4294967295 := rfl

theorem nat_dec_le : (1000 : Nat) ≤ 2000 := Nat.le_of_ble_eq_true rfl
theorem nat_dec_le_true : decide ((1000 : Nat) ≤ 2000) = true := rfl
theorem nat_dec_lt_true : decide ((1000 : Nat) < 2000) = true := rfl
theorem nat_dec_eq_true : decide ((1000 : Nat) = 1000) = true := rfl
theorem nat_dec_eq_false : decide ((1000 : Nat) = 2000) = false := rfl

theorem sizeof_unit : sizeOf PUnit.unit.{1} = 1 := rfl
theorem sizeof_default : sizeOf (fun n : Nat => n) = 0 := rfl

/-- A reducible wrapper around an addition. -/
abbrev shifted (n : Nat) : Nat := n + 4294967296

theorem ble_succ_zero (n : Nat) : Nat.ble (Nat.succ n) 0 = false := rfl

/-- Comparison of an open term with an offset that must never be unrolled. -/
theorem lazy_ble_offset (n : Nat) : Nat.ble (shifted n) 0 = false := ble_succ_zero (n + 4294967295)

theorem nat_log2_lit : Nat.log2 4294967296 = 32 := rfl

theorem bv_to_nat_lit : BitVec.toNat (BitVec.ofNat 64 18446744073709551617) = 1 := rfl

theorem bv_add_lit : BitVec.toNat (BitVec.ofNat 8 300) = 44 := rfl

/-- A unit with an index. -/
inductive Ix : Nat → Type
  | mk (n : Nat) : Ix n

/-- Conversion of a unit along a decided equation of indices. -/
def castIx {n m : Nat} (h : Eq n m) (x : Ix n) : Ix m := Eq.rec (motive := fun k _ => Ix k) x h

theorem lazy_unit_cast :
    castIx (of_decide_eq_true (rfl : decide ((100000 : Nat) = 99999 + 1) = true)) (Ix.mk 100000) = Ix.mk 100000 := rfl

end Prims
