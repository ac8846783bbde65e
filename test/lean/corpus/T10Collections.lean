module
public import Std.Data.HashMap
public import Std.Data.TreeMap
public import Std.Data.HashSet
public import Std.Data.TreeSet
public import Std.Data.ExtHashMap
public import Std.Data.DHashMap
@[expose] public noncomputable section
set_option linter.unusedVariables false
namespace T10Collections
open Std
def freq (xs : List Nat) : HashMap Nat Nat := xs.foldl (fun m x => m.alter x fun | none => some 1 | some n => some (n + 1)) ∅
def group (xs : List (String × Nat)) : HashMap String (List Nat) := xs.foldl (fun m (k, v) => m.insert k (v :: m.getD k [])) ∅
theorem hm1 (m : HashMap Nat Nat) (k v : Nat) : (m.insert k v)[k]? = some v := by simp
theorem hm2 (m : HashMap Nat Nat) (k k' v : Nat) (h : k ≠ k') : (m.insert k v)[k']? = m[k']? := by simp [HashMap.getElem?_insert, h]
theorem hm3 (m : HashMap String Nat) (k : String) : k ∉ m.erase k := by simp
theorem hm5 (m : HashMap Nat Nat) (k v w : Nat) : ((m.insert k v).insert k w).getD k 0 = w := by simp
theorem tm1 (m : TreeMap Nat Nat) (k v : Nat) : (m.insert k v)[k]? = some v := by simp
theorem tm2 (m : TreeMap Nat Nat) (k : Nat) : (m.erase k).contains k = false := by simp
theorem tm3 (m : TreeMap Nat String) (k : Nat) (v : String) : (m.insert k v).size ≤ m.size + 1 := TreeMap.size_insert_le
theorem hs1 (s : HashSet Nat) (a : Nat) : a ∈ s.insert a := by simp
theorem hs2 (s : HashSet Nat) (a b : Nat) : b ∈ s.insert a ↔ a = b ∨ b ∈ s := by simp
theorem ts1 (s : TreeSet Nat) (a : Nat) : a ∈ s.insert a := by simp
theorem eh2 (m : ExtHashMap Nat Nat) (a b v w : Nat) (h : a ≠ b) : (m.insert a v).insert b w = (m.insert b w).insert a v := by
  ext k x; simp only [ExtHashMap.getElem?_insert]; by_cases h1 : b = k <;> by_cases h2 : a = k <;> simp_all
theorem dh1 (m : DHashMap Nat (fun n => Fin (n + 1))) (k : Nat) : (m.insert k 0).get? k = some 0 := by simp
structure Graph where
  adj : HashMap Nat (List Nat)
  ok : ∀ k, ∀ v ∈ adj.getD k [], adj.contains v
def Graph.empty : Graph := ⟨∅, by simp⟩
def Graph.addVertex (g : Graph) (v : Nat) (h : ¬ g.adj.contains v) : Graph := ⟨g.adj.insert v [], by
  intro k w; rw [HashMap.getD_insert]; split
  · simp
  · intro hw; have := g.ok k w hw; simp [this]⟩
structure LRU (κ : Type) [BEq κ] [Hashable κ] where
  cap : Nat
  map : HashMap κ (Nat × String)
  tick : Nat := 0
def LRU.put {κ : Type} [BEq κ] [Hashable κ] (c : LRU κ) (k : κ) (v : String) : LRU κ := { c with map := c.map.insert k (c.tick, v), tick := c.tick + 1 }
theorem LRU.get_put {κ : Type} [BEq κ] [Hashable κ] [LawfulBEq κ] [LawfulHashable κ] (c : LRU κ) (k : κ) (v : String) : (c.put k v).map[k]? = some (c.tick, v) := by simp [put]
def memoFib (n : Nat) : StateM (HashMap Nat Nat) Nat := do
  if let some v := (← get)[n]? then return v
  match n with
  | 0 => return 0
  | 1 => return 1
  | n + 2 =>
    let a ← memoFib n
    let b ← memoFib (n + 1)
    modify (·.insert (n + 2) (a + b))
    return a + b
abbrev Env := TreeMap String Int
inductive Ex | n (z : Int) | v (s : String) | add (a b : Ex) | let_ (x : String) (e b : Ex)
def Ex.eval (ρ : Env) : Ex → Option Int | n z => some z | v s => ρ[s]? | add a b => do return (← a.eval ρ) + (← b.eval ρ) | let_ x e b => do b.eval (ρ.insert x (← e.eval ρ))
theorem Ex.eval_let (ρ : Env) (x : String) (z : Int) : (Ex.let_ x (.n z) (.v x)).eval ρ = some z := by simp [Ex.eval]
structure Union where
  parent : Array Nat
  lt : ∀ i (h : i < parent.size), parent[i] ≤ i
def Union.root (u : Union) (i : Nat) : Nat := if h : i < u.parent.size then (if h2 : u.parent[i] = i then i else u.root u.parent[i]) else i
termination_by i
decreasing_by have := u.lt i h; omega
theorem Union.root_le (u : Union) (i : Nat) : u.root i ≤ i := by
  fun_induction Union.root u i with
  | case1 => omega
  | case2 i h h2 ih => have := u.lt i h; omega
  | case3 => omega
theorem Union.root_root (u : Union) (i : Nat) : u.root (u.root i) = u.root i := by
  fun_induction Union.root u i with
  | case1 i h h2 => rw [Union.root]; simp [h, h2]
  | case2 i h h2 ih => exact ih
  | case3 i h => rw [Union.root]; simp [h]
theorem rangeSum (n : Nat) : (List.range (n + 1)).sum * 2 = n * (n + 1) := by
  induction n with | zero => rfl | succ n ih => rw [List.range_succ, List.sum_append_nat, Nat.add_mul, ih]; simp; grind
theorem slice_t (xs : Array Nat) : (xs.extract 0 2).size ≤ 2 := by simp; omega
theorem iter_t (xs : List Nat) : xs.iter.toList = xs := by simp
theorem iter_map (xs : List Nat) (f : Nat → Nat) : (xs.iter.map f).toList = xs.map f := by simp
end T10Collections
