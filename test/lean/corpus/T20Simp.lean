set_option linter.unusedVariables false
namespace T20Simp
variable {α β : Type} {p q r : Prop}
theorem s1 (xs ys : List α) : (xs ++ ys).reverse = ys.reverse ++ xs.reverse := by simp
theorem s2 (a b c : Nat) : a * (b * c) = c * b * a := by ac_rfl
theorem s3 (a b c d : Nat) : a + b + (c + d) = d + (c + (b + a)) := by ac_rfl
theorem s4 (a b : Nat) (h : a = b) : a * 2 + 0 = 2 * b := by calc
  a * 2 + 0 = a * 2 := Nat.add_zero _
  _ = b * 2 := by rw [h]
  _ = 2 * b := Nat.mul_comm _ _
theorem s6 (xs : List Nat) : xs.map (fun x => x + 0) = xs := by simp
theorem s7 (xs : List Nat) (h : xs ≠ []) : 0 < xs.length := by cases xs with | nil => exact absurd rfl h | cons => simp
theorem s8 (xs : List Nat) : (xs.filter (· > 3)).length ≤ xs.length := List.length_filter_le ..
theorem s9 (x : Option Nat) (h : x.isSome) : ∃ y, x = some y := by obtain ⟨y, rfl⟩ := Option.isSome_iff_exists.mp h; exact ⟨y, rfl⟩
theorem s10 (a b : Nat) (h : a ≤ b) : ∃ c, b = a + c := ⟨b - a, by omega⟩
theorem s11 (h : p ∧ q ∧ r) : r ∧ q ∧ p := by rcases h with ⟨hp, hq, hr⟩; exact ⟨hr, hq, hp⟩
theorem s12 (h : p ∨ q ∨ r) : r ∨ q ∨ p := by rcases h with h | h | h <;> simp [h]
theorem s13 (h : ∃ x : Nat, x > 3 ∧ ∃ y, y = x + 1) : ∃ y : Nat, y > 4 := by obtain ⟨x, hx, y, rfl⟩ := h; exact ⟨x + 1, by omega⟩
theorem s14 (f g : α → β) (h : ∀ x, f x = g x) : f = g := by funext x; simp [h]
theorem s15 (a b c : Nat) (h : a = b) (h2 : b = c) : a = c := by subst h; subst h2; rfl
theorem s16 (a b : Nat) (h : some a = some b) : a = b := by injection h
theorem s17 (h : (1 : Nat) = 2) : False := by contradiction
theorem s18 (a : Nat) (h : a + 1 = 0) : p := by cases h
theorem s19 (n : Nat) : (if n = n then 1 else 2) = 1 := by simp
theorem s20 (n : Nat) (f : Nat → Nat) : (match n with | 0 => f 0 | k + 1 => f (k + 1)) = f n := by cases n <;> rfl
theorem s21 (n m : Nat) : (match n, m with | 0, _ => 0 | _, 0 => 0 | a + 1, b + 1 => min a b + 1) = min n m := by split <;> omega
theorem s22 (xs : List Nat) (a : Nat) (h : a ∈ xs) : ∃ l r, xs = l ++ a :: r := List.append_of_mem h
theorem s23 (x y z : Int) (h : x ∣ y) (h2 : y ∣ z) : x ∣ z := by obtain ⟨k, rfl⟩ := h; obtain ⟨l, rfl⟩ := h2; exact ⟨k * l, by rw [Int.mul_assoc]⟩
theorem s24 (xs : List Nat) : xs.foldr (· + ·) 0 = xs.foldl (· + ·) 0 := by
  have : ∀ (xs : List Nat) a, xs.foldl (· + ·) a = a + xs.foldr (· + ·) 0 := by
    intro xs; induction xs with | nil => simp | cons x xs ih => intro a; simp [ih]; omega
  rw [this]; simp
theorem s25 (a b c : Nat) (h : a < b) (hc : 0 < c) : a * c < b * c := Nat.mul_lt_mul_of_pos_right h hc
theorem s27 (xs : List Nat) : xs.zip xs = xs.map fun x => (x, x) := by induction xs with | nil => rfl | cons x xs ih => simp [ih]
theorem s28 (a b : Bool) : (a && b) = true ↔ a = true ∧ b = true := by simp
theorem s29 (s : Nat → Prop) (h : ∃ n, s n) : ∃ n, s n ∧ ∀ m < n, ¬ s m := by
  apply Classical.byContradiction; intro hn
  have : ∀ n, ¬ s n := by
    intro n; induction n using Nat.strongRecOn with | ind n ih => intro hs; exact hn ⟨n, hs, fun m hm => ih m hm⟩
  obtain ⟨n, hs⟩ := h; exact this n hs
theorem s30 (n : Nat) (h : n > 1) : ∃ p, 2 ≤ p ∧ p ∣ n ∧ ∀ m, 2 ≤ m → m ∣ p → m = p := by
  induction n using Nat.strongRecOn with
  | ind n ih =>
    by_cases hp : ∃ m, 2 ≤ m ∧ m < n ∧ m ∣ n
    · obtain ⟨m, h2, hm, hd⟩ := hp
      obtain ⟨p, hp2, hpd, hpm⟩ := ih m hm h2
      exact ⟨p, hp2, Nat.dvd_trans hpd hd, hpm⟩
    · refine ⟨n, h, Nat.dvd_refl n, fun m h2 hd => ?_⟩
      rcases Nat.lt_or_eq_of_le (Nat.le_of_dvd (by omega) hd) with h3 | h3
      · exact absurd ⟨m, h2, h3, hd⟩ hp
      · exact h3
theorem dvd_fact (n k : Nat) (h : 0 < k) (hk : k ≤ n) : k ∣ Nat.rec 1 (fun i r => (i + 1) * r) n := by
  induction n with
  | zero => omega
  | succ n ih =>
    rcases Nat.lt_or_eq_of_le hk with h2 | h2
    · exact Nat.dvd_trans (ih (by omega)) (Nat.dvd_mul_left _ _)
    · rw [h2]; exact Nat.dvd_mul_right _ _
private def hidden (n : Nat) : Nat := n * 3 + 1
private theorem hidden_odd (n : Nat) : hidden (2 * n) % 2 = 1 := by unfold hidden; omega
theorem usesHidden : hidden 2 = 7 := rfl
@[simp] theorem my_simp (n : Nat) : hidden n = 3 * n + 1 := by unfold hidden; omega
theorem usesSimp (n : Nat) : hidden (n + 1) = 3 * n + 4 := by simp; omega
theorem deMorgan (xs : List α) (P : α → Prop) : (¬ ∀ x ∈ xs, P x) ↔ ∃ x ∈ xs, ¬ P x := by simp
theorem big_cases (a b c d : Bool) : ((a && b) || (c && d)) = !((!a || !b) && (!c || !d)) := by cases a <;> cases b <;> cases c <;> cases d <;> rfl
theorem fin3 (f : Fin 3 → Nat) (h : ∀ i, f i = i.val * 2) : f 0 + f 1 + f 2 = 6 := by simp [h]
theorem showFrom (n : Nat) : n < 2 ^ n := by
  suffices h : n + 1 ≤ 2 ^ n by omega
  induction n with | zero => decide | succ n ih => rw [Nat.pow_succ]; have : 1 ≤ 2 ^ n := Nat.one_le_two_pow; omega
theorem haveDep (n : Nat) (h : n > 0) : have m := n - 1; m + 1 = n := by intro m; omega
theorem generalized (n : Nat) (f : Nat → Nat) (h : f (n * n) = 0) : ∃ x, f x = 0 := by generalize n * n = x at h; exact ⟨x, h⟩
theorem exactq (a b c : Nat) (h : a ≤ b) : a + c ≤ b + c := Nat.add_le_add_right h c
theorem nestedInd (xss : List (List Nat)) : xss.flatten.length = (xss.map List.length).sum := by induction xss with | nil => rfl | cons xs xss ih => simp
theorem revrev (xs : List α) : xs.reverse.reverse = xs := by
  have key : ∀ (xs acc : List α), List.reverseAux (List.reverseAux xs acc) [] = List.reverseAux acc xs := by
    intro xs; induction xs with | nil => intro acc; rfl | cons x xs ih => intro acc; exact ih (x :: acc)
  exact key xs []
instance : Coe Bool Nat := ⟨fun b => if b then 1 else 0⟩
theorem coe_t : ((true : Bool) : Nat) + 1 = 2 := rfl
end T20Simp
