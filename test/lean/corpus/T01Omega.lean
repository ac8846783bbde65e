module
@[expose] public noncomputable section
set_option linter.unusedVariables false
namespace T01Omega

theorem o1 (a b c : Nat) (h : a < b) (h2 : b < c) : a + 1 < c := by omega
theorem o2 (a b : Nat) (h : a % 3 = 1) (h2 : b % 3 = 2) : (a + b) % 3 = 0 := by omega
theorem o3 (x y : Int) (h : 2 * x + 1 = 2 * y) : False := by omega
theorem o4 (x y z : Int) (h : 3 * x + 5 * y = 7) (h2 : x - z > 4) (h3 : z ≥ 2 * y) : x > 0 ∨ y < 100 := by omega
theorem o5 (a b c d : Nat) (h : a / 2 + b / 3 = 10) (h2 : a < 4) (h3 : b < 6) : False := by omega
theorem o6 (i j n : Nat) (h : i < n) (h2 : j < n) (h3 : ¬ i = j) : i < j ∨ j < i := by omega
theorem o7 (a b : Nat) : (a - b) + (b - a) = max a b - min a b := by omega
theorem o8 (x : Int) : x / 2 * 2 + x % 2 = x := by omega
theorem o9 (x : Int) (h : 0 ≤ x) (h2 : x < 10) (h3 : x % 2 = 1) (h4 : x % 3 = 0) : x = 3 ∨ x = 9 := by omega
theorem o10 (a b c : Nat) (h : 7 * a + 11 * b = 13 * c) (h2 : c = 1) : a = 0 → False := by omega
theorem o11 (n : Nat) (h : n % 4 = 3) : n % 2 = 1 := by omega
theorem o12 (x y : Nat) (h : x ∣ 6 → False) (h2 : 2 ∣ y) (h3 : y % 2 = 1) : False := by omega
theorem o13 (f : Nat → Nat) (h : ∀ x, f x ≤ x) (x y : Nat) (hy : y = x + 2) : f (x + 1) < y := by
  have := h (x + 1); omega
theorem o14 (a b c d e : Int) (h1 : a + b = 3) (h2 : b + c = 5) (h3 : c + d = 7) (h4 : d + e = 9) (h5 : e + a = 11) : a + b + c + d + e = 35 / 2 → 2 * (a + b + c + d + e) = 35 := by omega
theorem o15 (x y : Fin 10) (h : x.val + y.val = 18) : x.val = 9 := by omega
theorem o16 (x y : Int) (h : x.toNat = 3) (h2 : y = -x) : y = -3 := by omega
theorem o17 (x : Int) : x.natAbs = (-x).natAbs := by omega
theorem o18 (a b : Nat) (h : (a : Int) - b = -5) : b = a + 5 := by omega
theorem o19 (a b c : Nat) (h : a <<< 3 = b) (hb : b < 16) : a < 2 := by omega
theorem o20 (a : Nat) (h : a >>> 2 = 5) : 20 ≤ a ∧ a < 24 := by omega
theorem o21 (p q : Prop) (hp : p) (a b : Nat) (h : a < b ∧ (a = 3 ∨ b = 4)) : a < b ∧ (b ≠ 4 → a = 3) := by omega
theorem o22 (a b : Nat) (h : a < b ↔ b < 5) (hb : b = 7) : 7 ≤ a := by omega
theorem o23 (x y : Int) (hx : -100 ≤ x) (hx2 : x ≤ 100) (hy : 17 * x - 23 * y = 1) (hy2 : 0 ≤ y ∧ y ≤ 10) : x = -4 ∨ x ≥ 0 := by omega
theorem o26 (x y : Nat) (h : 3 * x = 4 * y + 2) (h2 : x < 20) (h3 : 5 ≤ y) : x = 10 ∨ x = 14 ∨ x = 18 := by omega
theorem o27 (a b c : Nat) (_ : 1 < a) (_ : a < b) (_ : b < c) (_ : c < 5) : a = 2 ∧ b = 3 ∧ c = 4 := by omega
theorem o28 (i n w : Nat) (h : i < n * 2) (hw : w = n * 2 - 1 - i) : w < n * 2 ∧ n * 2 - 1 - w = i := by omega
theorem o29 (lo hi mid : Nat) (h : lo < hi) (hm : mid = (lo + hi) / 2) : lo ≤ mid ∧ mid < hi := by omega
theorem o30 (a b c d e f : Int) (h : a < b) (h1 : b < c) (h2 : c < d) (h3 : d < e) (h4 : e < f) (h5 : f < a + 5) : False := by omega
theorem o31 (x : Nat) (h : x % 7 = 3) (h1 : x % 5 = 2) (h2 : x % 3 = 1) (h3 : x < 105) : x = 52 := by omega
theorem o32 (x : Int) (h : x % 1000003 = 17) (h2 : 0 < x) (h3 : x < 1000003) : x = 17 := by omega
theorem o33 (a b : Nat) (h : (if a < b then 1 else 2) = 1) : a < b := by split at h <;> omega
theorem o34 (a b : Nat) (h : a ≠ b) : (if a < b then b - a else a - b) > 0 := by split <;> omega
theorem o35 (a b c : Nat) : max (max a b) c = max a (max b c) := by omega
theorem o36 (a b c : Int) : min a (max b c) = max (min a b) (min a c) := by omega
theorem o37 (a b c d : Nat) (h : a + b + c + d = 10) (h1 : a ≥ 1) (h2 : b ≥ 2) (h3 : c ≥ 3) (h4 : d ≥ 4) : a = 1 ∧ b = 2 ∧ c = 3 ∧ d = 4 := by omega
theorem o38 (k m : Nat) (h : k % 8 = 5) (hm : m = k / 8) : k = 8 * m + 5 ∧ k % 4 = 1 ∧ k % 2 = 1 := by omega
theorem o39 (a b : Int) (h : 12 * a + 18 * b = 30) (h2 : a = b + 6) : 30 * b = -42 := by omega
theorem o40 (a b : Nat) (h1 : 2 ^ 10 * a < 2 ^ 12) (hb : b = a % 2 ^ 3) : b = a := by omega

/-- several obligations under arithmetic side conditions -/
def clamp (lo hi x : Int) : Int := if x < lo then lo else if x > hi then hi else x
theorem clamp_le (lo hi x : Int) (h : lo ≤ hi) : clamp lo hi x ≤ hi := by unfold clamp; split <;> (try split) <;> omega
theorem clamp_idem (lo hi x : Int) (h : lo ≤ hi) : clamp lo hi (clamp lo hi x) = clamp lo hi x := by
  simp only [clamp]; repeat' split
  all_goals omega
theorem clamp_mono (lo hi x y : Int) (h : lo ≤ hi) (hxy : x ≤ y) : clamp lo hi x ≤ clamp lo hi y := by
  simp only [clamp]; repeat' split
  all_goals omega

def binSearch (a : Nat → Int) (k : Int) (lo hi : Nat) : Nat :=
  if h : lo < hi then
    let mid := (lo + hi) / 2
    if a mid < k then binSearch a k (mid + 1) hi else binSearch a k lo mid
  else lo
termination_by hi - lo
decreasing_by all_goals omega

theorem binSearch_le (a : Nat → Int) (k : Int) (lo hi : Nat) (h : lo ≤ hi) : binSearch a k lo hi ≤ hi := by
  fun_induction binSearch a k lo hi with
  | case1 lo hi h mid hlt ih => exact ih (by omega)
  | case2 lo hi h mid hlt ih => have := ih (by omega); omega
  | case3 lo hi h => exact h

def ack : Nat → Nat → Nat
  | 0, n => n + 1
  | m + 1, 0 => ack m 1
  | m + 1, n + 1 => ack m (ack (m + 1) n)
termination_by m n => (m, n)

theorem ack_pos (m n : Nat) : 0 < ack m n := by
  fun_induction ack m n <;> omega
theorem ack_gt (m n : Nat) : n < ack m n := by
  fun_induction ack m n <;> omega
theorem ack_one (n : Nat) : ack 1 n = n + 2 := by
  induction n with
  | zero => simp [ack]
  | succ n ih => rw [ack, ih]; simp [ack]
theorem ack_two (n : Nat) : ack 2 n = 2 * n + 3 := by
  induction n with
  | zero => simp [ack]
  | succ n ih => rw [ack, ih, ack_one]; omega
end T01Omega
