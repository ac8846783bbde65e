module
@[expose] public noncomputable section
set_option linter.unusedVariables false
universe u v w x y z u₁ u₂ u₃
namespace T16Universes
def F1 (α : Sort u) (β : Sort v) : Sort (imax u v) := α → β
def F2 (α : Sort u) (β : α → Sort v) (γ : ∀ a, β a → Sort w) : Sort (imax u (imax v w)) := ∀ a b, γ a b
def F3 (α : Sort u) (β : Sort v) (γ : Sort w) : Sort (imax (max 1 u v) w) := (α ×' β) → γ
theorem f3 (α : Sort u) (β : Sort v) (γ : Sort w) : F3.{u, v, w} α β γ = ((α ×' β) → γ) := rfl
def curry (α : Sort u) (β : Sort v) (γ : Sort w) (f : F3 α β γ) : F2 α (fun _ => β) (fun _ _ => γ) := fun a b => f ⟨a, b⟩
def uncurry (α : Sort u) (β : Sort v) (γ : Sort w) (f : F2 α (fun _ => β) (fun _ _ => γ)) : F3 α β γ := fun p => f p.1 p.2
theorem curry_uncurry (α : Sort u) (β : Sort v) (γ : Sort w) (f : F2 α (fun _ => β) (fun _ _ => γ)) : curry α β γ (uncurry α β γ f) = f := rfl
theorem uncurry_curry (α : Sort u) (β : Sort v) (γ : Sort w) (f : F3 α β γ) : uncurry α β γ (curry α β γ f) = f := rfl
def eqLevel (α : Type (max u (v + 1) w)) (β : Type (max (max w u) (v + 1))) (h : α = β) : β → α := cast h.symm
def eqLevel2 (α : Type (max (u + 1) (u + 3) (u + 2))) : Type (u + 3) := α
def eqLevel4 (α : Sort (imax u (max v 1))) : Sort (imax u (max 1 v)) := α
def eqLevel5 (α : Sort (imax (imax u v) w)) : Sort (imax (imax u v) w) := α
def eqLevel6 (α : Sort (max (imax u v) v)) : Sort v → Sort (max v (imax u v)) := fun _ => α
def eqLevel7 (α : Sort (imax u (imax v (w + 1)))) : Sort (max u (max v (w + 1))) := α
def eqLevel8 (α : Sort (imax u 0)) : Prop := α
def eqLevel9 (α : Sort (imax 0 u)) : Sort u := α
def eqLevel10 (α : Sort (imax u u)) : Sort u := α
def eqLevel11 (α : Sort (imax 1 u)) : Sort (imax 1 u) := α
def eqLevel12 (α : Type (max u v w x y z)) : Type (max z y x w v u) := α
def eqLevel13 (α : Sort (max u (imax v u))) : Sort (max (imax v u) u) := α
structure Big (α : Type u) (β : Type v) (γ : Sort w) : Type (max u v w (x + 1)) where
  a : α
  b : β
  c : γ
  d : Type x
def Big.map {α α' : Type u} {β : Type v} {γ : Sort w} (f : α → α') (s : Big.{u, v, w, x} α β γ) : Big.{u, v, w, x} α' β γ := { s with a := f s.a }
theorem Big.map_id {α : Type u} {β : Type v} {γ : Sort w} (s : Big.{u, v, w, x} α β γ) : s.map (fun a => a) = s := rfl
inductive Tower : Nat → Type (u + 1) | base (α : Type u) : Tower 0 | up {n} (t : Tower n) : Tower (n + 1) | lift {n} (f : ULift.{u} Bool → Tower n) : Tower (n + 1)
def Tower.den : {n : Nat} → Tower.{u} n → Type u | _, base α => α | _, up t => ULift.{u} t.den | _, lift f => (b : ULift.{u} Bool) → (f b).den
theorem Tower.t : (Tower.up (.up (.base (ULift.{u} Nat)))).den = ULift.{u} (ULift.{u} (ULift.{u} Nat)) := rfl
def ulift4 (α : Type u) : Type (max u v w x) := ULift.{x} (ULift.{w} (ULift.{v} α))
def ulift4.down {α : Type u} (a : ulift4.{u, v, w, x} α) : α := ULift.down (ULift.down (ULift.down a))
theorem ulift4.eta {α : Type u} (a : ulift4.{u, v, w, x} α) : (⟨⟨⟨ulift4.down.{u, v, w, x} a⟩⟩⟩ : ulift4.{u, v, w, x} α) = a := rfl
def Fam (ι : Type u) : Type (max u (v + 1)) := ι → Type v
def Fam.pi {ι : Type u} (F : Fam.{u, v} ι) : Type (max u v) := ∀ i, F i
def Fam.sigma {ι : Type u} (F : Fam.{u, v} ι) : Type (max u v) := (i : ι) × F i
def Fam.comp {ι : Type u} {κ : Type w} (F : Fam.{u, v} ι) (g : κ → ι) : Fam.{w, v} κ := fun k => F (g k)
def Fam.pullback {ι : Type u} {κ : Type w} (F : Fam.{u, v} ι) (g : κ → ι) (s : F.pi) : (F.comp g).pi := fun k => s (g k)
theorem Fam.pullback_comp {ι : Type u} {κ : Type w} {μ : Type x} (F : Fam.{u, v} ι) (g : κ → ι) (h : μ → κ) (s : F.pi) : (F.comp g).pullback h (F.pullback g s) = F.pullback (g ∘ h) s := rfl
inductive WW (ι : Type u) (A : ι → Type v) (B : ∀ i, A i → Type w) (r : ∀ i (a : A i), B i a → ι) : ι → Type (max u v w) | sup (i : ι) (a : A i) (f : ∀ b, WW ι A B r (r i a b)) : WW ι A B r i
def WW.size {ι : Type u} {A : ι → Type v} {B : ∀ i, A i → Type w} {r : ∀ i (a : A i), B i a → ι} (s : ∀ i a, (B i a → Nat) → Nat) {i : ι} : WW ι A B r i → Nat | .sup i a f => s i a fun b => (f b).size s + 1
theorem WW.rec_eq {ι : Type u} {A : ι → Type v} {B : ∀ i, A i → Type w} {r : ∀ i (a : A i), B i a → ι} (s : ∀ i a, (B i a → Nat) → Nat) (i a f) : (WW.sup (r := r) (B := B) i a f).size s = s i a fun b => (f b).size s + 1 := rfl
def Lens (s : Type u) (t : Type v) (a : Type w) (b : Type x) : Type (max (max u v) (max w x) + 1) := ∀ (F : Type (max u v w x) → Type (max u v w x)), (∀ {α β}, (α → β) → F α → F β) → (a → F (ULift.{max u v w x} b)) → s → F (ULift.{max u v w x} t)
def ExSort {α : Sort u} (p : α → Sort v) : Prop := ∃ a, Nonempty (p a)
theorem exSort {α : Sort u} {p : α → Sort v} (a : α) (h : p a) : ExSort p := ⟨a, ⟨h⟩⟩
def propOrType (b : Bool) : Type := if b then PLift True else Nat
def depMatch : (b : Bool) → propOrType b | true => ⟨trivial⟩ | false => (3 : Nat)
theorem depMatch_t : depMatch false = (3 : Nat) := rfl
def sortRec : Nat → Type (u + 1) | 0 => ULift.{u+1} Nat | n + 1 => sortRec n → Type u
def polyId.{a, b} (α : Sort a) (β : Sort b) (f : α → β) : α → β := f
theorem polyId_prop (p : Prop) (h : p) : polyId p p (fun x => x) h = h := rfl
def heteq {α : Sort u} {β : Sort u} (h : α = β) (a : α) (b : β) : Prop := h ▸ a = b
theorem heteq_heq {α β : Sort u} (h : α = β) (a : α) (b : β) : heteq h a b ↔ HEq a b := by subst h; exact ⟨heq_of_eq, eq_of_heq⟩
end T16Universes
