module
@[expose] public noncomputable section
set_option linter.unusedVariables false
namespace T04Deriving
inductive Color | red | green | blue deriving BEq, DecidableEq, Hashable, Ord, Repr, Inhabited, ReflBEq, LawfulBEq
inductive Big | a0 | a1 | a2 | a3 | a4 | a5 | a6 | a7 | a8 | a9 | b0 | b1 | b2 | b3 | b4 | b5 | b6 | b7 | b8 | b9 | c0 | c1 | c2 | c3 | c4 | c5 deriving BEq, DecidableEq, Hashable, Ord, Repr, Inhabited
structure Point where
  x : Nat
  y : Int := 0
deriving BEq, DecidableEq, Hashable, Ord, Repr, Inhabited, ReflBEq, LawfulBEq
structure Pair (α : Type u) (β : Type v) where
  fst : α
  snd : β
deriving BEq, DecidableEq, Hashable, Ord, Repr, Inhabited
inductive Expr | lit (n : Nat) | var (s : String) | add (a b : Expr) | mul (a b : Expr) | neg (a : Expr) | ite (c t e : Expr)
deriving BEq, DecidableEq, Hashable, Ord, Repr, Inhabited, ReflBEq, LawfulBEq
inductive Tree (α : Type u) | leaf | node (l : Tree α) (v : α) (r : Tree α)
deriving BEq, DecidableEq, Hashable, Ord, Repr, Inhabited
inductive Rose (α : Type) | mk (v : α) (cs : List (Rose α))
deriving BEq, Hashable, Ord, Repr, Inhabited
inductive Json | null | bool (b : Bool) | num (n : Int) | str (s : String) | arr (xs : Array Json) | obj (kvs : List (String × Json))
deriving BEq, Repr, Inhabited
mutual
inductive Even' | zero | succ (o : Odd')
deriving BEq, Repr, Inhabited, DecidableEq
inductive Odd' | succ (e : Even')
deriving BEq, Repr, Inhabited, DecidableEq
end
mutual
inductive Stmt | skip | assign (x : String) (e : Ex) | seq (ss : List Stmt) | whil (c : Ex) (b : Block)
deriving BEq, Repr, Inhabited
inductive Ex | n (v : Nat) | call (f : String) (args : List Ex) | blk (b : Block)
deriving BEq, Repr, Inhabited
inductive Block | mk (ss : List Stmt) (ret : Option Ex)
deriving BEq, Repr, Inhabited
end
inductive Vec (α : Type u) : Nat → Type u | nil : Vec α 0 | cons {n} (a : α) (v : Vec α n) : Vec α (n + 1)
deriving BEq, DecidableEq, Repr
inductive Ty | nat | bool | fn (a b : Ty) deriving DecidableEq, BEq, ReflBEq, LawfulBEq, Hashable, Repr, Ord
inductive Tm : List Ty → Ty → Type
  | nat {Γ} (n : Nat) : Tm Γ .nat
  | tt {Γ} (b : Bool) : Tm Γ .bool
  | plus {Γ} (a b : Tm Γ .nat) : Tm Γ .nat
  | cond {Γ t} (c : Tm Γ .bool) (a b : Tm Γ t) : Tm Γ t
deriving DecidableEq, Repr
inductive FinTree : Nat → Type | leaf (i : Fin 3) : FinTree 0 | node {n m} (l : FinTree n) (r : FinTree m) (h : n ≤ m) : FinTree (m + 1)
deriving DecidableEq, Repr
structure Base where (a : Nat := 3) (b : Bool := true) deriving DecidableEq, Repr, BEq, Hashable, Ord
structure Ext1 extends Base where (c : String := "x") deriving DecidableEq, Repr, BEq, Hashable, Ord
structure Ext2 extends Base where (d : List Nat := [1, 2]) deriving DecidableEq, Repr, BEq, Hashable, Ord
structure Diamond extends Ext1, Ext2 where (e : Option Nat := some a) deriving DecidableEq, Repr, BEq, Hashable, Ord
structure DepS (n : Nat) where (i : Fin n) (v : Vector Nat n) (h : v[i] = 0) deriving DecidableEq
inductive WithFn | mk (f : Bool → Nat) (n : Nat) deriving Inhabited
inductive Nested (α : Type) | base (a : α) | opt (o : Option (Nested α)) | pr (p : Nested α × Nat) | ar (xs : Array (Nested α)) | s (x : Sum (Nested α) Nat)
deriving BEq, Inhabited, Repr

theorem big_ne : Big.a3 ≠ Big.c4 := by decide
theorem big_lt : compare Big.a3 Big.c4 = .lt := by decide
theorem expr_ne : Expr.add (.lit 1) (.var "x") ≠ Expr.add (.lit 1) (.var "y") := by decide
theorem expr_eq : (Expr.add (.lit 1) (.var "x") == Expr.add (.lit 1) (.var "x")) = true := by decide
theorem expr_beq (a b : Expr) (h : (a == b) = true) : a = b := LawfulBEq.eq_of_beq h
theorem tree_dec : (Tree.node .leaf 3 .leaf : Tree Nat) ≠ .node (.node .leaf 1 .leaf) 3 .leaf := by decide
theorem ty_dec : Ty.fn .nat (.fn .bool .nat) ≠ Ty.fn .nat (.fn .nat .bool) := by decide
theorem tm_dec : (Tm.plus (.nat 1) (.cond (.tt true) (.nat 2) (.nat 3)) : Tm [] .nat) ≠ Tm.plus (.nat 1) (.nat 2) := by decide
theorem vec_dec : Vec.cons 1 (.cons 2 .nil) ≠ Vec.cons 1 (.cons 3 .nil) := by decide
theorem even_dec : Even'.succ (.succ .zero) ≠ Even'.zero := by decide
theorem diamond_default : ({} : Diamond).e = some 3 := rfl
theorem diamond_dec : ({ a := 5 } : Diamond) ≠ { a := 5, c := "y" } := by decide
theorem pt_cmp : compare (Point.mk 1 2) (Point.mk 1 (-3)) = .gt := by decide
theorem pt_hash (p q : Point) (h : p = q) : hash p = hash q := by rw [h]
theorem color_all : ∀ c : Color, c = .red ∨ c = .green ∨ c = .blue := by intro c; cases c <;> decide
theorem json_beq : (Json.obj [("a", .arr #[.null, .num 3])] == Json.obj [("a", .arr #[.null, .num 3])]) = (Json.obj [("a", .arr #[.null, .num 3])] == Json.obj [("a", .arr #[.null, .num 3])]) := rfl
theorem sizeOf_lt (l r : Tree Nat) (v : Nat) : sizeOf l < sizeOf (Tree.node l v r) := by simp; omega
theorem noConf (a b : Expr) (h : Expr.neg a = Expr.neg b) : a = b := by injection h
theorem noConf2 (a b c d : Expr) (h : Expr.add a b = Expr.mul c d) : False := by cases h
theorem noConf3 {n} (a b : Nat) (v w : Vec Nat n) (h : Vec.cons a v = Vec.cons b w) : a = b ∧ v = w := by cases h; exact ⟨rfl, rfl⟩
end T04Deriving
