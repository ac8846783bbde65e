module
/-! Proofs by reflection and decision. -/
@[expose] public section
namespace Reflect

theorem omega_linear (x y z : Int) (h₁ : 3 * x + 5 * y = 7) (h₂ : 2 * x - y + z ≤ 10) (h₃ : z ≥ x + y)
    (h₄ : x ≥ 4) : y ≤ 0 := by omega

theorem omega_nat (a b c d : Nat) (h₁ : a + 2 * b ≤ c) (h₂ : c < 3 * d) (h₃ : d ≤ 5) (h₄ : a ≥ 7) :
    b ≤ 4 := by omega

theorem omega_mod (n : Nat) (h : n % 6 = 5) : n % 2 = 1 ∧ n % 3 = 2 := by omega

theorem omega_cases (x y : Int) (h : x % 4 = 1) (k : y % 4 = 3) : (x + y) % 4 = 0 := by omega

theorem omega_many (a b c d e f : Int) (h₁ : a + b + c = 0) (h₂ : 2 * a - 3 * d ≤ 5) (h₃ : d + e ≥ 7)
    (h₄ : e - f ≤ -2) (h₅ : f + a ≤ 3) (h₆ : b - 2 * c ≥ e) (h₇ : c ≥ 1) (h₈ : f ≥ -1) (h₉ : d ≤ 2): a + b ≤ -1 := by omega

theorem grind_linear (x y z : Int) (h₁ : 2 * x + 3 * y ≤ 7) (h₂ : 4 * x - y ≥ 20) (h₃ : z = x + y) :
    y ≤ 1 := by grind

theorem grind_nat (a b c : Nat) (h₁ : a + b = 10) (h₂ : b + c = 12) (h₃ : a + c = 8) : b = 7 := by grind

theorem grind_ring (a b : Int) : (a + b) * (a - b) + b * b = a * a := by grind

theorem grind_ring_power (a b c : Int) : (a + b + c) ^ 3 = a ^ 3 + b ^ 3 + c ^ 3 + 3 * (a + b) * (b + c) * (c + a) := by grind

theorem grind_cutsat (x y : Int) : 2 * x + 4 * y ≠ 5 := by grind

theorem grind_cutsat_search (x y : Int) (h₁ : 27 ≤ 11 * x + 13 * y) (h₂ : 11 * x + 13 * y ≤ 45)
    (h₃ : -10 ≤ 7 * x - 9 * y) : 7 * x - 9 * y > 4 := by grind

theorem simp_linear (x y : Nat) (h : x + 3 + y ≤ y + 5) : x ≤ 2 := by simp +arith at h; exact h

theorem simp_linear_int (x y : Int) (h : 2 * x + 3 + y ≤ x + y + 9) : x ≤ 6 := by simp +arith at h; omega

theorem decide_fin : ∀ a b : Fin 8, a + b = b + a := by decide

theorem decide_fin_mul : ∀ a b c : Fin 4, a * (b + c) = a * b + a * c := by decide

theorem decide_nat : ∀ n, n < 50 → n * n % 4 = 0 ∨ n * n % 4 = 1 := by decide

theorem decide_bv : ∀ x : Fin 16, (BitVec.ofFin (w := 4) x) ^^^ (BitVec.ofFin x) = 0#4 := by decide

theorem decide_bv_add : (0x1234#16 + 0x4321#16 = 0x5555#16) ∧ (0x1234#16 * 3#16 < 0x4000#16) ∧
    (0xff00#16 &&& 0x0ff0#16 = 0x0f00#16) := by decide

theorem decide_uint8 : (200 : UInt8) + 100 = 44 ∧ (3 : UInt8) * 100 = 44 ∧ (7 : UInt8) < 9 := by decide

theorem decide_int : (-7 : Int) / 2 = -4 ∧ (-7 : Int) % 2 = 1 ∧ (3 : Int) * -5 < 0 ∧ (12 : Int) - 20 = -8 := by decide

def collatz : Nat → Nat → Nat
  | 0, n => n
  | fuel + 1, n => if n = 1 then 1 else if n % 2 = 0 then collatz fuel (n / 2) else collatz fuel (3 * n + 1)

theorem decide_collatz : collatz 120 27 = 1 := by decide

def horner (x : Int) : List Int → Int
  | [] => 0
  | c :: cs => c + x * horner x cs

theorem decide_horner : horner (-3) [1, -2, 3, -4, 5, -6, 7, -8, 9, -10] = 280483 := by decide

theorem bv_omega (x y : BitVec 8) (h : x < 100#8) (k : y < 100#8) : x + y < 200#8 := by bv_omega

def checksum (l : List UInt8) : UInt8 := l.foldl (fun acc b => acc * 31 + b) 7

theorem decide_checksum : checksum [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] = checksum [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] + 0 := by decide

end Reflect
