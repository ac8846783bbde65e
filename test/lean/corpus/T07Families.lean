module
@[expose] public noncomputable section
set_option linter.unusedVariables false
universe u v w
namespace T07Families
inductive Vec (α : Type u) : Nat → Type u
  | nil : Vec α 0
  | cons {n : Nat} (a : α) (v : Vec α n) : Vec α (n + 1)
namespace Vec
variable {α : Type u} {β : Type v} {γ : Type w}
def map (f : α → β) : {n : Nat} → Vec α n → Vec β n | _, nil => nil | _, cons a v => cons (f a) (v.map f)
def zipWith (f : α → β → γ) : {n : Nat} → Vec α n → Vec β n → Vec γ n
  | _, nil, nil => nil
  | _, cons a v, cons b w => cons (f a b) (zipWith f v w)
def head : {n : Nat} → Vec α (n + 1) → α | _, cons a _ => a
def tail : {n : Nat} → Vec α (n + 1) → Vec α n | _, cons _ v => v
def get : {n : Nat} → Vec α n → Fin n → α
  | _, cons a _, ⟨0, _⟩ => a
  | _, cons _ v, ⟨i + 1, h⟩ => v.get ⟨i, Nat.lt_of_succ_lt_succ h⟩
def append : {n m : Nat} → Vec α n → Vec α m → Vec α (m + n) | _, _, nil, w => w | _, _, cons a v, w => cons a (v.append w)
def replicate (a : α) : (n : Nat) → Vec α n | 0 => nil | n + 1 => cons a (replicate a n)
def toList : {n : Nat} → Vec α n → List α | _, nil => [] | _, cons a v => a :: v.toList
def ofFn : {n : Nat} → (Fin n → α) → Vec α n | 0, _ => nil | _ + 1, f => cons (f 0) (ofFn fun i => f i.succ)
def transpose : {n m : Nat} → Vec (Vec α m) n → Vec (Vec α n) m
  | _, m, nil => replicate nil m
  | _, _, cons r rs => zipWith cons r (transpose rs)
theorem map_map (f : α → β) (g : β → γ) {n} (v : Vec α n) : (v.map f).map g = v.map (g ∘ f) := by
  induction v with | nil => rfl | cons a v ih => simp [map, ih]
theorem length_toList {n} (v : Vec α n) : v.toList.length = n := by induction v with | nil => rfl | cons a v ih => simp [toList, ih]
theorem eta {n} (v : Vec α (n + 1)) : cons v.head v.tail = v := by cases v; rfl
theorem nil_unique (v : Vec α 0) : v = nil := by cases v; rfl
theorem get_ofFn {n} (f : Fin n → α) (i : Fin n) : (ofFn f).get i = f i := by
  induction n with
  | zero => exact i.elim0
  | succ n ih => obtain ⟨i, hi⟩ := i; cases i with | zero => rfl | succ i => exact ih (fun j => f j.succ) ⟨i, Nat.lt_of_succ_lt_succ hi⟩
theorem ext {n} (v w : Vec α n) (h : ∀ i, v.get i = w.get i) : v = w := by
  induction v with
  | nil => cases w; rfl
  | cons a v ih =>
    cases w with | cons b w =>
    have h0 := h ⟨0, Nat.succ_pos _⟩
    have ht : v = w := ih w fun i => h i.succ
    simp only [get] at h0; rw [h0, ht]
theorem append_nil_heq {n} (v : Vec α n) : HEq (v.append nil) v := by
  induction v with
  | nil => exact HEq.rfl
  | cons a v ih =>
    simp only [append]
    rename_i n
    have : 0 + n = n := Nat.zero_add n
    congr 1 
theorem tr : transpose (cons (cons 1 (cons 2 nil)) (cons (cons 3 (cons 4 nil)) nil)) = cons (cons 1 (cons 3 nil)) (cons (cons 2 (cons 4 nil)) nil) := rfl
instance decEq [DecidableEq α] : {n : Nat} → DecidableEq (Vec α n)
  | _, nil, nil => .isTrue rfl
  | _, cons a v, cons b w => match decEq v w with
    | .isTrue h => if h2 : a = b then .isTrue (by rw [h, h2]) else .isFalse (by intro e; cases e; exact h2 rfl)
    | .isFalse h => .isFalse (by intro e; cases e; exact h rfl)
theorem dec_t : cons 1 (cons 2 nil) ≠ cons 1 (cons 3 nil) := by decide
end Vec
inductive Ty | nat | bool | fn (a b : Ty) | prod (a b : Ty)
@[reducible] def Ty.den : Ty → Type | nat => Nat | bool => Bool | fn a b => a.den → b.den | prod a b => a.den × b.den
inductive Var : List Ty → Ty → Type | z {Γ t} : Var (t :: Γ) t | s {Γ t u} : Var Γ t → Var (u :: Γ) t
inductive Tm : List Ty → Ty → Type
  | var {Γ t} : Var Γ t → Tm Γ t
  | lam {Γ a b} : Tm (a :: Γ) b → Tm Γ (.fn a b)
  | app {Γ a b} : Tm Γ (.fn a b) → Tm Γ a → Tm Γ b
  | lit {Γ} : Nat → Tm Γ .nat
  | plus {Γ} : Tm Γ .nat → Tm Γ .nat → Tm Γ .nat
  | lt {Γ} : Tm Γ .nat → Tm Γ .nat → Tm Γ .bool
  | ite {Γ t} : Tm Γ .bool → Tm Γ t → Tm Γ t → Tm Γ t
  | pair {Γ a b} : Tm Γ a → Tm Γ b → Tm Γ (.prod a b)
  | fst {Γ a b} : Tm Γ (.prod a b) → Tm Γ a
  | snd {Γ a b} : Tm Γ (.prod a b) → Tm Γ b
  | natrec {Γ t} : Tm Γ t → Tm Γ (.fn .nat (.fn t t)) → Tm Γ .nat → Tm Γ t
inductive Env : List Ty → Type | nil : Env [] | cons {Γ t} : t.den → Env Γ → Env (t :: Γ)
def Env.get : {Γ : List Ty} → {t : Ty} → Var Γ t → Env Γ → t.den
  | _, _, .z, .cons a _ => a
  | _, _, .s x, .cons _ e => e.get x
def Tm.eval : {Γ : List Ty} → {t : Ty} → Tm Γ t → Env Γ → t.den
  | _, _, var x, e => e.get x
  | _, _, lam b, e => fun a => b.eval (.cons a e)
  | _, _, app f a, e => f.eval e (a.eval e)
  | _, _, lit n, _ => n
  | _, _, plus a b, e => a.eval e + b.eval e
  | _, _, lt a b, e => decide (a.eval e < b.eval e)
  | _, _, ite c a b, e => if c.eval e then a.eval e else b.eval e
  | _, _, pair a b, e => (a.eval e, b.eval e)
  | _, _, fst p, e => (p.eval e).1
  | _, _, snd p, e => (p.eval e).2
  | _, _, natrec z s n, e => Nat.rec (z.eval e) (fun k r => s.eval e k r) (n.eval e)
def Ren (Γ Δ : List Ty) := (t : Ty) → Var Γ t → Var Δ t
def Ren.lift {Γ Δ : List Ty} {u : Ty} (r : Ren Γ Δ) : Ren (u :: Γ) (u :: Δ) | _, .z => .z | _, .s x => .s (r _ x)
def Tm.ren : {Γ Δ : List Ty} → {t : Ty} → Ren Γ Δ → Tm Γ t → Tm Δ t
  | _, _, _, r, var x => var (r _ x)
  | _, _, _, r, lam b => lam (b.ren r.lift)
  | _, _, _, r, app f a => app (f.ren r) (a.ren r)
  | _, _, _, r, lit n => lit n
  | _, _, _, r, plus a b => plus (a.ren r) (b.ren r)
  | _, _, _, r, lt a b => lt (a.ren r) (b.ren r)
  | _, _, _, r, ite c a b => ite (c.ren r) (a.ren r) (b.ren r)
  | _, _, _, r, pair a b => pair (a.ren r) (b.ren r)
  | _, _, _, r, fst p => fst (p.ren r)
  | _, _, _, r, snd p => snd (p.ren r)
  | _, _, _, r, natrec z s n => natrec (z.ren r) (s.ren r) (n.ren r)
def Sub (Γ Δ : List Ty) := (t : Ty) → Var Γ t → Tm Δ t
def Sub.lift {Γ Δ : List Ty} {u : Ty} (σ : Sub Γ Δ) : Sub (u :: Γ) (u :: Δ) | _, .z => .var .z | _, .s x => (σ _ x).ren fun _ => .s
def Tm.sub : {Γ Δ : List Ty} → {t : Ty} → Sub Γ Δ → Tm Γ t → Tm Δ t
  | _, _, _, r, var x => r _ x
  | _, _, _, r, lam b => lam (b.sub r.lift)
  | _, _, _, r, app f a => app (f.sub r) (a.sub r)
  | _, _, _, r, lit n => lit n
  | _, _, _, r, plus a b => plus (a.sub r) (b.sub r)
  | _, _, _, r, lt a b => lt (a.sub r) (b.sub r)
  | _, _, _, r, ite c a b => ite (c.sub r) (a.sub r) (b.sub r)
  | _, _, _, r, pair a b => pair (a.sub r) (b.sub r)
  | _, _, _, r, fst p => fst (p.sub r)
  | _, _, _, r, snd p => snd (p.sub r)
  | _, _, _, r, natrec z s n => natrec (z.sub r) (s.sub r) (n.sub r)
def Env.ren {Γ Δ : List Ty} (r : Ren Γ Δ) (e : Env Δ) (P : Env Γ) : Prop := ∀ t (x : Var Γ t), P.get x = e.get (r t x)
theorem Tm.eval_ren {Γ Δ : List Ty} {t : Ty} (m : Tm Γ t) (r : Ren Γ Δ) (e : Env Δ) (e' : Env Γ) (h : Env.ren r e e') : (m.ren r).eval e = m.eval e' := by
  induction m generalizing Δ with
  | var x => simp [ren, eval, h _ x]
  | lam b ih =>
    funext a
    exact ih r.lift (.cons a e) (.cons a e') (by intro t x; cases x with | z => rfl | s x => exact h _ x)
  | app f a ihf iha => simp [ren, eval, ihf r e e' h, iha r e e' h]
  | lit n => rfl
  | plus a b iha ihb => simp [ren, eval, iha r e e' h, ihb r e e' h]
  | lt a b iha ihb => simp [ren, eval, iha r e e' h, ihb r e e' h]
  | ite c a b ihc iha ihb => simp [ren, eval, iha r e e' h, ihb r e e' h, ihc r e e' h]
  | pair a b iha ihb => simp [ren, eval, iha r e e' h, ihb r e e' h]
  | fst p ih => simp [ren, eval, ih r e e' h]
  | snd p ih => simp [ren, eval, ih r e e' h]
  | natrec z s n ihz ihs ihn => simp only [ren, eval, ihz r e e' h, ihs r e e' h, ihn r e e' h]
def Tm.simp : {Γ : List Ty} → {t : Ty} → Tm Γ t → Tm Γ t
  | _, _, plus (lit a) (lit b) => lit (a + b)
  | _, _, plus a b => plus a.simp b.simp
  | _, _, lam b => lam b.simp
  | _, _, app f a => app f.simp a.simp
  | _, _, fst (pair a _) => a
  | _, _, snd (pair _ b) => b
  | _, _, t => t
def mul' : Tm [] (.fn .nat (.fn .nat .nat)) := .lam (.lam (.natrec (.lit 0) (.lam (.lam (.plus (.var .z) (.var (.s (.s (.s .z))))))) (.var .z)))
theorem mul_t : mul'.eval .nil 6 7 = 42 := rfl
theorem mul_t2 : (Tm.ite (.lt (.lit 2) (.lit 3)) (.app (.app mul' (.lit 4)) (.lit 5)) (.lit 0)).eval .nil = 20 := rfl
inductive Step : {Γ : List Ty} → {t : Ty} → Tm Γ t → Tm Γ t → Prop
  | plus {Γ a b} : Step (Γ := Γ) (.plus (.lit a) (.lit b)) (.lit (a + b))
  | fst {Γ t u} (a : Tm Γ t) (b : Tm Γ u) : Step (.fst (.pair a b)) a
  | snd {Γ t u} (a : Tm Γ t) (b : Tm Γ u) : Step (.snd (.pair a b)) b
  | appl {Γ a b} {f f' : Tm Γ (.fn a b)} {x : Tm Γ a} : Step f f' → Step (.app f x) (.app f' x)
inductive Steps {Γ : List Ty} {t : Ty} : Tm Γ t → Tm Γ t → Prop
  | refl (a) : Steps a a
  | tail {a b c} : Steps a b → Step b c → Steps a c
theorem Steps.trans {Γ t} {a b c : Tm Γ t} (h : Steps a b) (h2 : Steps b c) : Steps a c := by
  induction h2 with | refl => exact h | tail _ s ih => exact ih.tail s
theorem lit_inj {Γ} {a b : Nat} (h : (Tm.lit a : Tm Γ .nat) = .lit b) : a = b := by injection h
theorem app_inj {Γ a b} {f g : Tm Γ (.fn a b)} {x y : Tm Γ a} (h : Tm.app f x = Tm.app g y) : f = g ∧ x = y := by
  cases h; exact ⟨rfl, rfl⟩
inductive Scoped : Nat → Type | var {n} (i : Fin n) : Scoped n | lam {n} (b : Scoped (n + 1)) : Scoped n | app {n} (f a : Scoped n) : Scoped n
def Scoped.ren {n m : Nat} (r : Fin n → Fin m) : Scoped n → Scoped m
  | var i => var (r i) | lam b => lam (b.ren fun i => Fin.cases 0 (fun j => (r j).succ) i) | app f a => app (f.ren r) (a.ren r)
def Scoped.size {n : Nat} : Scoped n → Nat | var _ => 1 | lam b => b.size + 1 | app f a => f.size + a.size
theorem Scoped.ren_size {n m} (r : Fin n → Fin m) (t : Scoped n) : (t.ren r).size = t.size := by
  induction t generalizing m with | var => rfl | lam b ih => simp [ren, size, ih] | app f a ihf iha => simp [ren, size, ihf, iha]
theorem Scoped.ren_id {n} (t : Scoped n) : t.ren id = t := by
  induction t with
  | var => rfl
  | lam b ih => simp only [ren]; congr 1; refine Eq.trans ?_ ih; congr 1; funext i; refine Fin.cases rfl (fun j => rfl) i
  | app f a ihf iha => simp [ren, ihf, iha]
inductive W (α : Type u) (β : α → Type v) : Type (max u v) | sup (a : α) (f : β a → W α β) : W α β
def W.depth {β : Bool → Type} : W Bool β → (∀ b, β b → Unit) → Nat := fun w => W.rec (fun _ _ _ _ => 1) w
inductive Ord' | zero | succ (o : Ord') | lim (f : Nat → Ord')
def Ord'.add (a : Ord') : Ord' → Ord' | zero => a | succ b => succ (a.add b) | lim f => lim fun n => a.add (f n)
theorem Ord'.zero_add (a : Ord') : Ord'.add zero a = a := by
  induction a with | zero => rfl | succ a ih => simp [add, ih] | lim f ih => simp only [add]; congr 1; funext n; exact ih n
def Ord'.ofNat : Nat → Ord' | 0 => zero | n + 1 => succ (ofNat n)
theorem Ord'.three : (ofNat 1).add (ofNat 2) = ofNat 3 := rfl
inductive Finite : Nat → Type | f0 {n} : Finite (n + 1) | fs {n} : Finite n → Finite (n + 1)
def Finite.toFin : {n : Nat} → Finite n → Fin n | _, f0 => 0 | _, fs i => i.toFin.succ
def Finite.elim {α : Sort u} (f : Finite 0) : α := nomatch f
theorem Finite.cases2 (f : Finite 2) : f = f0 ∨ f = fs f0 := by
  match f with | f0 => exact .inl rfl | fs f0 => exact .inr rfl
inductive Le' : Nat → Nat → Prop | z (n) : Le' 0 n | s {a b} : Le' a b → Le' (a + 1) (b + 1)
theorem Le'.iff (a b : Nat) : Le' a b ↔ a ≤ b := by
  constructor
  · intro h; induction h <;> omega
  · intro h; induction a generalizing b with
    | zero => exact .z b
    | succ a ih => obtain ⟨c, rfl⟩ : ∃ c, b = c + 1 := ⟨b - 1, by omega⟩; exact .s (ih c (by omega))
theorem Le'.not {a} (h : Le' (a + 1) 0) : False := nomatch h
end T07Families
