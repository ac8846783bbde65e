module
@[expose] public noncomputable section
set_option linter.unusedVariables false
namespace T05Programs
def sumTo (n : Nat) : Nat := Id.run do
  let mut s := 0
  for i in [0:n+1] do s := s + i
  return s
def findFirst (p : Nat → Bool) (xs : List Nat) : Option Nat := do
  for x in xs do if p x then return x
  none
theorem ff : findFirst (· > 3) [1, 2, 5, 7] = some 5 := by decide +kernel
theorem ff_none (xs : List Nat) : findFirst (fun _ => false) xs = none := by
  unfold findFirst; induction xs <;> simp_all
def counter : StateM Nat Nat := do
  modify (· + 1); let s ← get; set (s * 2); return s
theorem counter5 : counter.run 5 = (6, 12) := rfl
def safeDiv (a b : Nat) : ExceptT String (StateM Nat) Nat := do
  if b = 0 then throw "div" else modify (· + 1); return a / b
theorem sd1 : (safeDiv 6 3).run.run 0 = (.ok 2, 1) := rfl
theorem sd2 : (safeDiv 6 0).run.run 0 = (.error "div", 0) := rfl
def tryIt (a b : Nat) : StateM Nat Nat := do
  match ← (safeDiv a b).run with
  | .ok v => return v
  | .error _ => modify (· + 100); return 0
theorem tryIt0 : (tryIt 3 0).run 1 = (0, 101) := rfl
def nestedFor (n m : Nat) : Nat := Id.run do
  let mut c := 0
  for i in [0:n] do
    for j in [0:m] do
      if i = j then continue
      if i + j > 5 then break
      c := c + 1
  return c
theorem nf : nestedFor 4 4 = nestedFor 4 4 := by rfl
def collatzLen (fuel n : Nat) : ExceptT Unit Id Nat := do
  let mut k := n
  let mut l := 0
  for _ in [0:fuel] do
    if k = 1 then return l
    k := if k % 2 = 0 then k / 2 else 3 * k + 1
    l := l + 1
  throw ()
def sieve (n : Nat) : List Nat := Id.run do
  let mut ps := []
  for i in [2:n] do
    if ps.all (fun p => i % p ≠ 0) then ps := i :: ps
  return ps.reverse
def readerProg : ReaderT Nat (StateT (List Nat) Option) Nat := do
  let r ← read
  modifyGet fun s => ((), r :: s)
  let s ← get
  guard (s.length < 4)
  try (do let x ← (failure : ReaderT Nat (StateT (List Nat) Option) Nat); return x) catch _ => return r + s.length
abbrev M := StateT Nat (ExceptT String (ReaderT Bool Id))
def mprog (xs : List Nat) : M Unit := do
  for x in xs do
    if ← read then
      if x = 13 then throw s!"bad {x}"
    modify (· + x)
    unless x < 100 do return
theorem mp1 : ((mprog [1, 2, 3]).run 0).run true = .ok ((), 6) := rfl
theorem mp2 : ((mprog [1, 13, 3]).run 0).run false = .ok ((), 17) := rfl
theorem mp3 : ((mprog [1, 100, 3]).run 0).run false = .ok ((), 101) := rfl
theorem mp4 : ∃ e, ((mprog [1, 13, 3]).run 0).run true = .error e := ⟨_, rfl⟩
def swap2 (xs : Array Nat) : Array Nat := Id.run do
  let mut a := xs
  if h : 1 < a.size then
    let t := a[0]
    a := a.set 0 a[1]
    a := a.set! 1 t
  return a
def bubble (xs : Array Nat) : Array Nat := Id.run do
  let mut a := xs
  let n := a.size
  for i in [0:n] do
    for j in [0:n-1-i] do
      if a[j]! > a[j+1]! then a := a.swapIfInBounds j (j+1)
  return a
def gcdLoop (a b : Nat) : Nat := Id.run do
  let mut (x, y) := (a, b)
  for _ in [0:a+b+1] do
    if y = 0 then return x
    (x, y) := (y, x % y)
  return x
def lookup (env : List (String × Nat)) (k : String) : Except String Nat :=
  match env.find? (·.1 == k) with | some (_, v) => .ok v | none => .error s!"unbound {k}"
theorem lookup_t : lookup [("a", 1), ("b", 2)] "b" = .ok 2 := by rfl
def traverse' (f : Nat → Option Nat) : List Nat → Option (List Nat)
  | [] => pure [] | x :: xs => do let y ← f x; let ys ← traverse' f xs; pure (y :: ys)
theorem traverse_some (xs : List Nat) : traverse' some xs = some xs := by
  induction xs with | nil => rfl | cons x xs ih => simp [traverse', ih]
theorem traverse_len (f) (xs ys : List Nat) (h : traverse' f xs = some ys) : ys.length = xs.length := by
  induction xs generalizing ys with
  | nil => simp [traverse'] at h; subst h; rfl
  | cons x xs ih =>
    simp only [traverse', Option.bind_eq_bind, Option.bind_eq_some_iff, Option.pure_def, Option.some.injEq] at h
    obtain ⟨y, hy, zs, hz, rfl⟩ := h
    simp [ih zs hz]
theorem state_assoc {σ α β γ : Type} (x : StateM σ α) (f : α → StateM σ β) (g : β → StateM σ γ) : (x >>= f) >>= g = x >>= fun a => f a >>= g := by
  rfl
theorem state_pure {σ α : Type} (x : StateM σ α) : x >>= pure = x := by funext s; rfl
theorem except_assoc {ε α β γ : Type} (x : Except ε α) (f : α → Except ε β) (g : β → Except ε γ) : (x >>= f) >>= g = x >>= fun a => f a >>= g := by
  cases x <;> rfl
theorem opt_law {α β : Type} (x : Option α) (f : α → Option β) : (x >>= f) = match x with | none => none | some a => f a := by cases x <;> rfl
instance : LawfulMonad (ReaderT Nat Option) := inferInstance
theorem lawful {α β : Type} (x : StateT Nat (ExceptT String Id) α) (f : α → β) : f <$> x = x >>= (pure ∘ f) := by
  rw [← bind_pure_comp]; rfl
partial def loopy (n : Nat) : Nat := if n = 7 then 7 else loopy (n + 1)
opaque secret : Nat := 42
unsafe def fastImpl (n : Nat) : Nat := n + 1
@[implemented_by fastImpl] def slow (n : Nat) : Nat := n.succ
theorem slow_eq (n : Nat) : slow n = n + 1 := rfl
macro "triv!" : tactic => `(tactic| first | rfl | assumption | omega)
theorem byMacro (a b : Nat) (h : a = b) : b + 1 = a + 1 := by triv!
syntax "⟪" term,* "⟫" : term
end T05Programs
