module
@[expose] public noncomputable section
namespace T02Grind
variable {α : Type} {p q r s : Prop}

theorem g1 (f : Nat → Nat) (a b c : Nat) (h : a = b) (h2 : b = c) : f (f a) = f (f c) := by grind
theorem g2 (h : p → q) (h2 : q → r) (hp : p) : r ∧ q := by grind
theorem g3 (a b c : Nat) (h : a ≤ b) (h2 : b < c) : a < c + 1 := by grind
theorem g4 (x y : Int) (h : x + y = 3) (h2 : x - y = 1) : x = 2 := by grind
theorem g5 (x y z : Int) (h : x ^ 2 = y) (h2 : y * x = z) : x ^ 3 = z := by grind
theorem g6 (a b : Int) : (a + b) ^ 2 = a ^ 2 + 2 * a * b + b ^ 2 := by grind
theorem g7 (a b : Int) : (a - b) * (a + b) = a ^ 2 - b ^ 2 := by grind
theorem g8 (a b c : Int) : (a + b + c) ^ 3 = a^3 + b^3 + c^3 + 3*a^2*b + 3*a^2*c + 3*b^2*a + 3*b^2*c + 3*c^2*a + 3*c^2*b + 6*a*b*c := by grind
theorem g9 (xs ys : List α) : (xs ++ ys).length = ys.length + xs.length := by grind
theorem g10 (xs ys : List Nat) (h : xs = ys) : xs.map (· + 1) = ys.map (· + 1) := by grind
theorem g11 (xs : List α) (n : Nat) (h : n < xs.length) : (xs ++ xs)[n]'(by simp; omega) = xs[n] := by grind
theorem g12 (f : α → α) (h : ∀ x, f (f x) = x) (a b : α) (hab : f a = f b) : a = b := by grind
theorem g13 (a b c d e : Nat) (h : a = b ∨ a = c) (hb : b = d) (hc : c = d) : a = d := by grind
theorem g14 (m : Nat → Nat → Nat) (hc : ∀ x y, m x y = m y x) (ha : ∀ x y z, m (m x y) z = m x (m y z)) (a b c : Nat) : m a (m b c) = m c (m b a) := by grind
theorem g15 (b c : Bool) : (b && c) = (c && b) := by grind
theorem g16 (b c d : Bool) : (b || (c && d)) = ((b || c) && (b || d)) := by grind
theorem g17 (x y : Nat) (h : 2 * x + 3 * y = 12) (h2 : x > 3) : y ≤ 1 := by grind
theorem g18 (x y : Int) (h : 4 * x + 6 * y = 9) : False := by grind
theorem g19 (a b c : Int) (h : a ∣ b → False) (h2 : 2 ∣ c) (h3 : c % 2 = 1) : False := by grind
theorem g20 (s t : Option Nat) (h : s = some 3) (h2 : t = s) : t.getD 5 = 3 := by grind
theorem g21 (x y : Nat × Nat) (h : x.1 = y.1) (h2 : x.2 = y.2) : x = y := by grind
inductive Color | red | green | blue deriving DecidableEq
def Color.next : Color → Color | red => green | green => blue | blue => red
theorem g22 (c : Color) : c.next.next.next = c := by grind [Color.next, cases Color]
inductive Tree | leaf | node (l : Tree) (v : Nat) (r : Tree)
def Tree.size : Tree → Nat | leaf => 0 | node l _ r => l.size + 1 + r.size
def Tree.mirror : Tree → Tree | leaf => leaf | node l v r => node r.mirror v l.mirror
def Tree.toList : Tree → List Nat | leaf => [] | node l v r => l.toList ++ v :: r.toList
def Tree.insert (x : Nat) : Tree → Tree
  | leaf => node leaf x leaf
  | node l v r => if x < v then node (l.insert x) v r else if v < x then node l v (r.insert x) else node l v r
theorem g23 (t : Tree) : t.mirror.mirror = t := by induction t <;> grind [Tree.mirror]
theorem g24 (t : Tree) : t.mirror.size = t.size := by induction t <;> grind [Tree.mirror, Tree.size]
theorem g25 (t : Tree) : t.toList.length = t.size := by induction t <;> grind [Tree.toList, Tree.size]
theorem g26 (t : Tree) : t.mirror.toList = t.toList.reverse := by induction t <;> grind [Tree.toList, Tree.mirror]
inductive Mem (x : Nat) : Tree → Prop
  | here l r : Mem x (.node l x r)
  | left l v r : Mem x l → Mem x (.node l v r)
  | right l v r : Mem x r → Mem x (.node l v r)
theorem g27 (x y : Nat) (t : Tree) : Mem y (t.insert x) ↔ y = x ∨ Mem y t := by
  induction t with
  | leaf => grind [Tree.insert, Mem]
  | node l v r ihl ihr => grind (splits := 20) [Tree.insert, Mem]
theorem g28 (n : Nat) (h : n % 2 = 0) (h2 : n % 3 = 0) : n % 6 = 0 := by grind
theorem g29 (a b c : Nat) (h : a * b = c) (h2 : a = 3) (h3 : b = 4) : c = 12 := by grind
theorem g30 (a b : Nat) (h : a < b) : ∃ c, a + c = b := ⟨b - a, by grind⟩
theorem g31 {R : Type} [Lean.Grind.CommRing R] (x y z : R) (h : x * y = 1) (h2 : x * z = 1) : y = z := by grind
theorem g32 {R : Type} [Lean.Grind.CommRing R] (a b c : R) : (a + b) * (b + c) * (c + a) + a * b * c = (a + b + c) * (a * b + b * c + c * a) := by grind
theorem g33 {R : Type} [Lean.Grind.Field R] (a : R) (h : a ≠ 0) : a * a⁻¹ = 1 := by grind
theorem g34 (x : BitVec 8) : x * x + 2 * x + 1 = (x + 1) ^ 2 := by grind
theorem g35 (x y : UInt8) : (x + y) * (x + y) = x * x + 2 * x * y + y * y := by grind
theorem g36 (x y z w : Int) (h : x * w - y * z = 1) (a b : Int) : (x * a + y * b) * w - (z * a + w * b) * y = a := by grind
theorem g37 (xs : Array Nat) (i : Nat) (h : i < xs.size) (v : Nat) : (xs.set i v)[i]'(by simp; exact h) = v := by grind
theorem g38 (a b c d : Rat) (h : a < b) (h2 : c ≤ d) : a + c < b + d := by grind
theorem g39 (f g : Nat → Int) (h : ∀ n, f (n + 1) = f n + g n) (h0 : f 0 = 0) (hg : ∀ n, g n = 2) : f 3 = 6 := by grind
theorem g40 (p : Nat → Prop) (h0 : p 0) (hs : ∀ n, p n → p (n + 1)) : p 5 := by grind
theorem fermat2 (x y : Int) (h : x * x + y * y = 1) (hx : 0 < x) (hy : 0 < y) (hxy : 1 ≤ x * x) (hyy : 1 ≤ y * y) : False := by grind
def fib : Nat → Nat | 0 => 0 | 1 => 1 | n + 2 => fib n + fib (n + 1)
theorem fib_pos (n : Nat) (h : 0 < n) : 0 < fib n := by fun_induction fib n <;> grind
theorem fib_mono (n : Nat) : fib n ≤ fib (n + 1) := by fun_induction fib n <;> grind [fib]
theorem fib_cassini (n : Nat) : (fib (n + 2) : Int) * fib n - (fib (n + 1)) ^ 2 = - (-1) ^ n := by
  induction n with
  | zero => simp [fib]
  | succ n ih =>
    have h1 : (fib (n + 3) : Int) = fib (n + 1) + fib (n + 2) := by rw [fib]; simp
    have h2 : (fib (n + 2) : Int) = fib n + fib (n + 1) := by rw [fib]; simp
    rw [Int.pow_succ, h1]; grind
end T02Grind
