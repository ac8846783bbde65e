/** Cases of the kernel arena that are not among the exports of our data, after their descriptions. */
import type { Declaration, Expr } from '../../lean/declaration.js'
import { displayName, parseName } from '../../lean/name.js'

export const EQ = 'inductive Eq.{u} (A : Sort u) (a : A) : A -> Prop | refl : Eq.{u} A a a\n'
const BOOL = 'inductive Bool : Type | false : Bool | true : Bool\n'
export const NAT = 'inductive Nat : Type | zero : Nat | succ : Nat -> Nat\n'
const TRUE = 'inductive True : Prop | intro : True\n'
const FALSE = 'inductive False : Prop\n'
const AND = 'inductive And (a : Prop) (b : Prop) : Prop | intro : a -> b -> And a b\n'
const ID = 'def id.{u} : forall (A : Sort u), A -> A := fun (A : Sort u) (x : A) => x\n'
const CONST =
  'def const.{u,v} : forall (A : Sort u) (B : Sort v), A -> B -> A := fun (A : Sort u) (B : Sort v) (a : A) (b : B) => a\n'
/** Types with an inhabitant each, to state that two of them are equal. */
const HOLDS =
  'axiom Holds.{u} : Sort u -> Prop\naxiom holds.{u} : forall (A : Sort u), Holds.{u} A\naxiom A : Type\naxiom Q : Prop\n'
const QUOT = `${EQ}quot type Quot.{u} : forall (A : Sort u), (A -> A -> Prop) -> Sort u
quot ctor Quot.mk.{u} : forall (A : Sort u) (r : A -> A -> Prop), A -> Quot.{u} A r
quot lift Quot.lift.{u,v} : forall (A : Sort u) (r : A -> A -> Prop) (B : Sort v) (f : A -> B),
  (forall (a b : A), r a b -> Eq.{v} B (f a) (f b)) -> Quot.{u} A r -> B
quot ind Quot.ind.{u} : forall (A : Sort u) (r : A -> A -> Prop) (B : Quot.{u} A r -> Prop),
  (forall (a : A), B (Quot.mk.{u} A r a)) -> forall (q : Quot.{u} A r), B q
`
const ACC = `inductive Acc.{u} (A : Sort u) (r : A -> A -> Prop) : A -> Prop
  | intro : forall (x : A), (forall (y : A), r y x -> Acc.{u} A r y) -> Acc.{u} A r x
`
const TREE = `${BOOL}inductive Colour : Type | r : Colour | b : Colour
${NAT}inductive RB.{u} (A : Sort (u+1)) : Colour -> Nat -> Sort (u+1)
  | leaf : RB.{u} A Colour.b Nat.zero
  | red : forall (n : Nat), RB.{u} A Colour.b n -> A -> RB.{u} A Colour.b n -> RB.{u} A Colour.r n
  | black : forall (c d : Colour) (n : Nat), RB.{u} A c n -> A -> RB.{u} A d n -> RB.{u} A Colour.b (Nat.succ n)
`
const RTREE = `${BOOL}inductive RTree : Type | leaf : RTree | node : (Bool -> RTree) -> RTree\n`
/** A proposition that holds data: a proof, a number, a proof about it, a proof that is not. */
const PACKED = `${HOLDS}${NAT}axiom R : Nat -> Prop
inductive S : Prop elim Prop | mk : Q -> forall (n : Nat), R n -> Q -> S
`
/** The same, where nothing depends on the data. */
const LOOSELY = `${HOLDS}${NAT}inductive S : Prop elim Prop | mk : Q -> Nat -> Q -> S\n`

/** A sort that is Prop where h is made by `intro` and stuck where it is not, although proofs are equal. */
const STUCK = `${EQ}${BOOL}${ACC}axiom A : Type axiom r : A -> A -> Prop
def Below : A -> Prop := fun (x : A) => forall (y : A), r y x -> Acc.{1} A r y
def U : forall (a : A), Acc.{1} A r a -> Type := fun (a : A) (h : Acc.{1} A r a) =>
  Acc.rec.{2,1} A r (fun (x : A) (k : Acc.{1} A r x) => Type) (fun (x : A) (k : Below x) (i : forall (y : A), r y x -> Type) => Prop) a h
inductive S (a : A) (g : Below a) (X : U a (Acc.intro.{1} A r a g)) : Prop | mk : X -> S a g X
def rec : Bool -> forall (a : A), Acc.{1} A r a -> Bool := fun (b : Bool) (a : A) (h : Acc.{1} A r a) =>
  Acc.rec.{1,1} A r (fun (x : A) (k : Acc.{1} A r x) => Bool) (fun (x : A) (k : Below x) (i : forall (y : A), r y x -> Bool) => b) a h
`
/** A theorem about `rec b a h`, `rec b a (intro g)` and b. */
const aboutRec = (left: string, right: string, proof: string): string =>
  `${STUCK}theorem t : forall (b : Bool) (a : A) (h : Acc.{1} A r a) (g : Below a), Eq.{1} Bool (${left}) (${right}) := fun (b : Bool) (a : A) (h : Acc.{1} A r a) (g : Below a) => ${proof}`
const MADE = 'rec b a (Acc.intro.{1} A r a g)'

const level = (a: string, b: string): string =>
  `${HOLDS}theorem t.{u,v,w} : Holds.{(${a})+1} (Sort (${a})) := holds.{(${b})+1} (Sort (${b}))`

/** The names of the tutorial's cases; exports of our data may have them with `_renamed` behind or `T` in front. */
export const TUTORIAL = {
  good: `
    basicDef arrowType dependentType constType betaReduction betaReduction2 forallSortWhnf levelComp1
    levelComp2 levelComp3 levelParams levelComp4 levelComp5 imax1 imax2 levelMaxComm levelMaxAssoc
    levelMaxIdem levelMaxAbsorb inferVar defEqLambda peano1 peano2 peano3 letType letTypeDep letRed empty
    boolType twoBool andType prodType pprodType pUnitType eqType natDef rbTreeDef reduceCtorParam
    predWithTypeField typeWithTypeField typeWithTypeFieldPoly emptyRec boolRec twoBoolRec andRec prodRec
    pprodRec punitRec eqRec nRec rbTreeRef boolPropRec existsRec typeSingletonRecReduction
    sortElimPropRec sortElimProp2Rec boolRecEqns prodRecEqns nRecReduction listRecReduction
    RBTree.id_spec And.left+And.right Prod.fst+Prod.snd PProd.fst+PProd.snd PSigma.fst+PSigma.snd
    projProp1 projProp3 projDataIndexRec projRed ruleK aNatLit natLitEq proofIrrelevance
    proofIrrelevanceWhnf unitEta1 unitEta2 unitEta3 structEta funEta funEtaDep reduceCtorParamRefl
    reduceCtorParamRefl2 rTreeRec rtreeRecReduction accRecType accRecReduction quotMkType quotIndType
    quotLiftType quotSoundType quotLiftReduction quotIndReduction`,
  bad: `
    badDef forallSortBad nonTypeType nonPropThm tut06_bad01 inductBadNonSort inductBadNonSort2
    inductLevelParam inductTooFewParams inductWrongCtorParams inductWrongCtorResParams
    inductWrongCtorResLevel inductInIndex indNeg reduceCtorType indNegReducible typeWithTooHighTypeField
    BogusRecursor+bogusRecursorFalse projOutOfRange projNotStruct projProp2 projProp4 projProp5 projProp6
    projIndexData projIndexData2 ruleKbad ruleKAcc proofIrrelevanceBad funEtaBad etaRuleK etaCtor
    reflOccLeft reflOccInIndex accRecNoEta dup_defs dup_ind_def dup_ctor_def dup_rec_def misnamed_rec
    dup_rec_def2 dup_ctor_rec DupConCon`,
}

/** Cases of the tutorial. */
export const GOOD: Readonly<Record<string, string>> = {
  betaReduction2: `${CONST}def f : forall (p : Prop), const.{2,2} Type Type Prop Prop := fun (p : Prop) => p`,
  levelComp1: 'def f : Type := Sort (imax 1 0)',
  levelComp2: 'def f : Sort 2 := Sort (imax 0 1)',
  levelComp3: 'def f : Sort 3 := Sort (imax 2 1)',
  levelComp5: 'def f.{u} : Sort (u+1) := Sort (imax u u)',
  levelMaxComm: level('max u v', 'max v u'),
  levelMaxAssoc: level('max u (max v w)', 'max (max u v) w'),
  levelMaxIdem: level('max u u', 'u'),
  levelMaxAbsorb: level('max u (max u v)', 'max u v'),
  inferVar: 'def f : forall (A : Type) (x : A), A := fun (A : Type) (x : A) => let y : A := x; y',
  peano2: `${EQ}def N : Sort 2 := forall (A : Type), (A -> A) -> A -> A
def one : N := fun (A : Type) (s : A -> A) (z : A) => s z
def two : N := fun (A : Type) (s : A -> A) (z : A) => s (s z)
def add : N -> N -> N := fun (m n : N) (A : Type) (s : A -> A) (z : A) => m A s (n A s z)
theorem t : Eq.{2} N (add one one) two := Eq.refl.{2} N two`,
  letTypeDep: `${HOLDS}def f : Type := let T : Sort 2 := Type; let g : T -> T := fun (x : Type) => x; g A`,
  empty: 'inductive Empty : Type',
  pUnitType: 'inductive PUnit.{u} : Sort u | unit : PUnit.{u}',
  natDef: NAT,
  reduceCtorParam: `${CONST}inductive T (A : Type) : Type
  | mk : const.{2,2} Type Type (T A) A -> T A
  | step : (A -> const.{2,2} Type Type (T A) A) -> T A`,
  predWithTypeField: 'inductive T : Prop elim Prop | mk : Type -> T',
  andRec: `${AND}def elim : forall (a b : Prop) (C : And a b -> Type), (forall (x : a) (y : b), C (And.intro a b x y)) -> forall (h : And a b), C h :=
  fun (a b : Prop) (C : And a b -> Type) => And.rec.{1} a b C`,
  rbTreeRef: TREE,
  boolPropRec: 'inductive B : Prop elim Prop | a : B | b : B',
  typeSingletonRecReduction: `${EQ}${BOOL}inductive Unit : Type | unit : Unit
theorem t : forall (x : Unit) (b : Bool), Eq.{1} Bool (Unit.rec.{1} (fun (y : Unit) => Bool) b x) b := fun (x : Unit) (b : Bool) => Eq.refl.{1} Bool b`,
  sortElimPropRec: `${NAT}inductive T : Nat -> Nat -> Prop | mk : forall (n m : Nat), T m n`,
  sortElimProp2Rec: `${ID}${NAT}inductive T : Nat -> Prop elim Prop | mk : forall (n : Nat), T (id.{1} Nat n)`,
  boolRecEqns: `${EQ}${BOOL}theorem f : forall (C : Bool -> Type) (x : C Bool.false) (y : C Bool.true), Eq.{1} (C Bool.false) (Bool.rec.{1} C x y Bool.false) x :=
  fun (C : Bool -> Type) (x : C Bool.false) (y : C Bool.true) => Eq.refl.{1} (C Bool.false) x
theorem t : forall (C : Bool -> Type) (x : C Bool.false) (y : C Bool.true), Eq.{1} (C Bool.true) (Bool.rec.{1} C x y Bool.true) y :=
  fun (C : Bool -> Type) (x : C Bool.false) (y : C Bool.true) => Eq.refl.{1} (C Bool.true) y`,
  nRecReduction: `${EQ}${NAT}def add : Nat -> Nat -> Nat := fun (m n : Nat) => Nat.rec.{1} (fun (k : Nat) => Nat) m (fun (k r : Nat) => Nat.succ r) n
theorem zero : forall (m : Nat), Eq.{1} Nat (add m Nat.zero) m := fun (m : Nat) => Eq.refl.{1} Nat m
theorem succ : forall (m n : Nat), Eq.{1} Nat (add m (Nat.succ n)) (Nat.succ (add m n)) := fun (m n : Nat) => Eq.refl.{1} Nat (Nat.succ (add m n))`,
  'Prod.fst+Prod.snd': `inductive Prod.{u,v} (A : Sort (u+1)) (B : Sort (v+1)) : Sort (max (u+1) (v+1)) | mk : A -> B -> Prod.{u,v} A B
def fst.{u,v} : forall (A : Sort (u+1)) (B : Sort (v+1)), Prod.{u,v} A B -> A := fun (A : Sort (u+1)) (B : Sort (v+1)) (p : Prod.{u,v} A B) => proj Prod 0 p
def snd.{u,v} : forall (A : Sort (u+1)) (B : Sort (v+1)), Prod.{u,v} A B -> B := fun (A : Sort (u+1)) (B : Sort (v+1)) (p : Prod.{u,v} A B) => proj Prod 1 p`,
  'PProd.fst+PProd.snd': `inductive PProd.{u,v} (A : Sort u) (B : Sort v) : Sort (max 1 (max u v)) | mk : A -> B -> PProd.{u,v} A B
def fst.{u,v} : forall (A : Sort u) (B : Sort v), PProd.{u,v} A B -> A := fun (A : Sort u) (B : Sort v) (p : PProd.{u,v} A B) => proj PProd 0 p
def snd.{u,v} : forall (A : Sort u) (B : Sort v), PProd.{u,v} A B -> B := fun (A : Sort u) (B : Sort v) (p : PProd.{u,v} A B) => proj PProd 1 p`,
  projProp3: `${LOOSELY}theorem t : S -> Q := fun (s : S) => proj S 2 s`,
  ruleK: `${EQ}${BOOL}theorem t : forall (a : Bool) (h : Eq.{1} Bool a a) (b : Bool), Eq.{1} Bool (Eq.rec.{1,1} Bool a (fun (x : Bool) (e : Eq.{1} Bool a x) => Bool) b a h) b :=
  fun (a : Bool) (h : Eq.{1} Bool a a) (b : Bool) => Eq.refl.{1} Bool b`,
  proofIrrelevanceWhnf: `${EQ}${ID}theorem t : forall (p : id.{2} Type Prop) (x y : p), Eq.{0} p x y := fun (p : id.{2} Type Prop) (x y : p) => Eq.refl.{0} p x`,
  funEta: `${EQ}theorem t : forall (A B : Type) (f : A -> B), Eq.{1} (A -> B) f (fun (x : A) => f x) := fun (A B : Type) (f : A -> B) => Eq.refl.{1} (A -> B) f`,
  reduceCtorParamRefl: `${ID}inductive T (A : Type) : Type | mk : (A -> id.{2} Type (T A)) -> T A`,
  reduceCtorParamRefl2: `${CONST}inductive T (A : Type) : Type | mk : (A -> const.{2,2} Type Type (T A) A) -> T A`,
  rTreeRec: RTREE,
  rtreeRecReduction: `${EQ}${RTREE}theorem t : forall (C : RTree -> Type) (x : C RTree.leaf) (s : forall (f : Bool -> RTree), (forall (b : Bool), C (f b)) -> C (RTree.node f)) (f : Bool -> RTree),
    Eq.{1} (C (RTree.node f)) (RTree.rec.{1} C x s (RTree.node f)) (s f (fun (b : Bool) => RTree.rec.{1} C x s (f b))) :=
  fun (C : RTree -> Type) (x : C RTree.leaf) (s : forall (f : Bool -> RTree), (forall (b : Bool), C (f b)) -> C (RTree.node f)) (f : Bool -> RTree) =>
    Eq.refl.{1} (C (RTree.node f)) (RTree.rec.{1} C x s (RTree.node f))`,
  accRecType: ACC,
  quotIndType: QUOT,
  quotIndReduction: `${QUOT}theorem t : forall (A : Type) (r : A -> A -> Prop) (B : Quot.{1} A r -> Prop) (h : forall (a : A), B (Quot.mk.{1} A r a)) (a : A),
    Eq.{0} (B (Quot.mk.{1} A r a)) (Quot.ind.{1} A r B h (Quot.mk.{1} A r a)) (h a) :=
  fun (A : Type) (r : A -> A -> Prop) (B : Quot.{1} A r -> Prop) (h : forall (a : A), B (Quot.mk.{1} A r a)) (a : A) => Eq.refl.{0} (B (Quot.mk.{1} A r a)) (h a)`,
}

/** What no exporter writes. */
export type Forgery = (groups: Declaration[][]) => void

/** Records changed where they stand. */
function forge(name: string, changes: object): Forgery {
  return groups => {
    for (const group of groups)
      for (const [i, declaration] of group.entries())
        if (displayName(declaration.name) === name) group[i] = Object.assign({ ...declaration }, changes)
  }
}

export interface Bad {
  readonly text: string
  readonly forgery?: Forgery
  readonly reason: RegExp
}

const WRONG_TYPE = /: a term does not have the type that is expected of it$/
const DATA = /: projection of data from a proof$/
const WRONG_ELIMINATION = /^T\.rec: recursor with a wrong number of universe parameters$/
const TWICE = /is declared twice/
const constant = (name: string): Expr => ({ kind: 'const', name: parseName(name), levels: [] })

/** Cases of the tutorial. */
export const BAD: Readonly<Record<string, Bad>> = {
  inductWrongCtorResParams: {
    text: 'inductive T (A : Type) (B : Type) : Type elim none | mk : T B A',
    reason: /: inductive type applied to other/,
  },
  inductInIndex: {
    text: 'inductive T : Prop -> Prop elim none | mk : forall (p : Prop), T (T p)',
    reason: /: inductive type mentioned in its/,
  },
  'BogusRecursor+bogusRecursorFalse': {
    text: `${FALSE}inductive B : Type | b : B\ntheorem t : False := B.rec`,
    forgery: forge('B.rec', { type: constant('False'), levelParams: [], rules: [] }),
    reason: /^B\.rec: a recursor whose first motive/,
  },
  projProp2: { text: `${PACKED}def t : S -> Nat := fun (s : S) => proj S 1 s`, reason: DATA },
  projProp6: {
    text: `${PACKED}theorem t : S -> Q := fun (s : S) => proj S 3 s`,
    reason: /: projection from a proof past data that the rest depends on$/,
  },
  proofIrrelevanceBad: {
    text: `${EQ}theorem t : forall (A : Type) (x y : A), Eq.{1} A x y := fun (A : Type) (x y : A) => Eq.refl.{1} A x`,
    reason: WRONG_TYPE,
  },
  etaRuleK: {
    text: `${EQ}${BOOL}theorem t : forall (a b : Bool) (f : Eq.{1} Bool a a -> Bool),
  Eq.{1} (Eq.{1} Bool a a -> Bool) (Eq.rec.{1,1} Bool a (fun (x : Bool) (e : Eq.{1} Bool a x) => Bool) b a) f :=
  fun (a b : Bool) (f : Eq.{1} Bool a a -> Bool) => Eq.refl.{1} (Eq.{1} Bool a a -> Bool) f`,
    reason: WRONG_TYPE,
  },
  etaCtor: {
    text: `${EQ}${BOOL}inductive S : Type | mk : Bool -> Bool -> S
theorem t : forall (x : Bool) (f : Bool -> S), Eq.{1} (Bool -> S) (S.mk x) f := fun (x : Bool) (f : Bool -> S) => Eq.refl.{1} (Bool -> S) f`,
    reason: WRONG_TYPE,
  },
  reflOccLeft: {
    text: `${NAT}inductive T : Type elim none | mk : (Nat -> T -> Nat) -> T`,
    reason: /: non-positive occurrence of an inductive type$/,
  },
  accRecNoEta: {
    text: `${EQ}${BOOL}${ACC}theorem t : forall (A : Type) (r : A -> A -> Prop) (a : A) (h : Acc.{1} A r a) (b : Bool),
  Eq.{1} Bool (Acc.rec.{1,1} A r (fun (x : A) (h : Acc.{1} A r x) => Bool) (fun (x : A) (h : forall (y : A), r y x -> Acc.{1} A r y) (i : forall (y : A), r y x -> Bool) => b) a h) b :=
  fun (A : Type) (r : A -> A -> Prop) (a : A) (h : Acc.{1} A r a) (b : Bool) => Eq.refl.{1} Bool b`,
    reason: WRONG_TYPE,
  },
  dup_defs: { text: 'def d : Type := Prop\ndef d : Sort 2 := Type', reason: /constant d: is declared twice/ },
  misnamed_rec: {
    text: `${BOOL}def t.{u} : forall (C : Bool -> Sort u), C Bool.false -> C Bool.true -> forall (b : Bool), C b := Bool.recc.{u}`,
    forgery: forge('Bool.rec', { name: parseName('Bool.recc') }),
    reason: /Bool\.recc: is not the name of a recursor of its block/,
  },
  dup_rec_def2: {
    text: `${BOOL}def Bool.rec : Type := Prop`,
    forgery: groups => forge('Bool.rec', { name: parseName('Bool.recc') })(groups.slice(0, 1)),
    reason: /Bool\.recc: is not the name of a recursor of its block/,
  },
  DupConCon: { text: 'inductive T : Type elim none | a : T | a : T', reason: TWICE },
}

/** Attacks beside the tutorial. */
export const ATTACKS: Readonly<Record<string, Bad>> = {
  bogus1: {
    text: `${EQ}${NAT}${TRUE}theorem t : Eq.{1} Nat Nat.zero (Nat.succ Nat.zero) := True.intro`,
    reason: WRONG_TYPE,
  },
  'nonPropThm, polymorphic': {
    text: 'theorem t.{u} : Sort (u+1) := Sort u',
    reason: /is not a proposition$/,
  },
  'definition-self-reference': {
    text: `${FALSE}def t : False := t`,
    reason: /refers to t, which is not declared/,
  },
  'bugs/constlevels, too few': {
    text: `${ID}def t : Type := id Type Prop`,
    reason: /wrong number of universe/,
  },
  'bugs/constlevels, too many': { text: `${ID}def t : Type := id.{2,2} Type Prop`, reason: /wrong number/ },
  'bugs/ctor-num-fields': {
    text: `${EQ}${BOOL}inductive S : Type elim none | mk : Bool -> S
theorem t : forall (x y : S), Eq.{1} S x y := fun (x y : S) => Eq.refl.{1} S x`,
    forgery: forge('S.mk', { numFields: 0 }),
    reason: /: a constructor does not return its own type$/,
  },
  'bugs/rec-k-lie': {
    text: BOOL,
    forgery: forge('Bool.rec', { k: true }),
    reason: /^Bool\.rec: recursor with a wrong K flag$/,
  },
  'bugs/nat-rec-k-lie': {
    text: `${NAT}def two : Nat := 2`,
    forgery: forge('Nat.rec', { k: true }),
    reason: /^Nat\.rec: recursor with a wrong K flag$/,
  },
  'bugs/nat-rec-rules': {
    text: NAT,
    forgery: groups => {
      const rec = groups.flat().find(found => found.kind === 'recursor')!
      if (rec.kind !== 'recursor') return
      const [zero, succ] = rec.rules as unknown as { rhs: Expr }[]
      // s n z in place of s n (ih).
      const change = (e: Expr): Expr => {
        if (e.kind === 'lam') return { ...e, body: change(e.body) }
        return e.kind === 'app' ? { ...e, arg: { kind: 'bvar', index: 2 } } : e
      }
      forge('Nat.rec', { rules: [zero, { ...succ, rhs: change(succ!.rhs) }] })(groups)
    },
    reason: /^Nat\.rec: a term does not have the type that is expected of it$/,
  },
  'bugs/k-rec-conv': {
    text: `${EQ}${BOOL}theorem t : forall (a c : Bool) (h : Eq.{1} Bool a c) (b : Bool), Eq.{1} Bool (Eq.rec.{1,1} Bool a (fun (x : Bool) (e : Eq.{1} Bool a x) => Bool) b c h) b :=
  fun (a c : Bool) (h : Eq.{1} Bool a c) (b : Bool) => Eq.refl.{1} Bool b`,
    reason: WRONG_TYPE,
  },
  'bugs/large-elim-param': {
    text: 'inductive T.{u} : Sort u | a : T.{u} | b : T.{u}',
    reason: /^T\.rec: recursor without a motive for a type of its block$/,
  },
  'bugs/large-elim-prop-bool': { text: 'inductive T : Prop | a : T | b : T', reason: WRONG_ELIMINATION },
  'large-elim-supplied-rec': { text: `${NAT}inductive T : Prop | a : Nat -> T`, reason: WRONG_ELIMINATION },
  'sortElimProp2Rec, into all sorts': {
    text: `${ID}${NAT}inductive T : Nat -> Prop | mk : forall (n : Nat), T (id.{1} Nat n)`,
    reason: WRONG_ELIMINATION,
  },
  'large-elim-imax-prop': {
    text: 'inductive T : Sort (imax 1 0) | a : T | b : T',
    reason: WRONG_ELIMINATION,
  },
  'field-too-high-imax': {
    text: 'inductive T.{u} : Sort (imax u 1) elim none | mk : Type -> T.{u}',
    reason: /constructor field universe too large$/,
  },
  'bugs/level-imax-leq': {
    text: 'def t.{u} : Sort (imax (u+1) (u+1)) := Sort (imax u (u+1))',
    reason: WRONG_TYPE,
  },
  'bugs/level-imax-normalization': {
    text: 'def t.{u} : Sort (imax 1 u) := Sort (imax 1 u)',
    reason: WRONG_TYPE,
  },
  'bugs/proj-of-imax-prop': {
    text: `${NAT}inductive S : Sort (imax 1 0) elim Prop | mk : Nat -> S\ndef t : S -> Nat := fun (s : S) => proj S 0 s`,
    reason: DATA,
  },
  'bugs/proj-of-stuck-prop': {
    text: `${BOOL}${NAT}inductive S (b : Bool) : Bool.rec.{3} (fun (c : Bool) => Sort 2) Type Type b elim none | mk : Nat -> S b`,
    reason: /^S: the type of an inductive type does not end in a sort$/,
  },
  'bugs/proj-of-subst-prop': {
    text: `${STUCK}theorem t : forall (a : A) (g : Below a) (h : Acc.{1} A r a) (X : U a h), S a g X -> X :=
  fun (a : A) (g : Below a) (h : Acc.{1} A r a) (X : U a h) (s : S a g X) => proj S 0 s`,
    reason: /^t: a type is expected$/,
  },
  'bugs/rec-missing-ih': {
    text: `${ID}inductive T : Type | leaf : T | mk : id.{2} Type U -> T`,
    forgery: groups => {
      // The recursor is made while the field is not seen to be recursive.
      const text = JSON.stringify(groups[1]).replaceAll('"part":"U"', '"part":"T"')
      groups[1] = JSON.parse(text) as Declaration[]
    },
    reason: /^T\.rec: a minor premise without one of/,
  },
  'other/proj-of-prop': {
    text: `${NAT}${TRUE}${AND}theorem t : forall (p q : Prop), And p q -> p := fun (p q : Prop) (h : And p q) => proj And 0 ((fun (n : Nat) => h) True.intro)`,
    reason: WRONG_TYPE,
  },
  'nested-aux-name': { text: 'inductive _nested.T : Type elim none', reason: /name that Lean keeps/ },
  'other/extra-rec': {
    text: `${FALSE}theorem t : False := False.rec_1`,
    forgery: ([group]) => {
      const rec = group!.find(({ kind }) => kind === 'recursor')!
      const claims = { name: parseName('False.rec_1'), type: constant('False'), levelParams: [] }
      group!.push(Object.assign({ ...rec }, claims))
    },
    reason: /False\.rec_1: is not the name of a recursor/,
  },
  'bugs/orphan-rec': {
    text: `${FALSE}theorem t : False := R`,
    forgery: ([group]) => {
      const rec = group!.find(({ kind }) => kind === 'recursor')!
      const claims = { name: parseName('R'), type: constant('False'), levelParams: [], all: [] }
      group!.push(Object.assign({ ...rec }, claims))
    },
    reason: /R: is a recursor of other types/,
  },
  'other/orphan-ctor': {
    text: `${TRUE}${FALSE}theorem t : False := X.mk`,
    forgery: groups => {
      const ctor = groups[0]!.find(({ kind }) => kind === 'constructor')!
      const claims = { name: parseName('X.mk'), type: constant('False'), inductive: parseName('X') }
      groups[1]!.push(Object.assign({ ...ctor }, claims))
    },
    reason: /X\.mk: is a constructor that no type/,
  },
  'a recursor alone': {
    text: `${FALSE}theorem t : False := X.rec`,
    forgery: groups => {
      const rec = groups[0]!.find(({ kind }) => kind === 'recursor')!
      const claims = { name: parseName('X.rec'), type: constant('False'), levelParams: [], all: [] }
      groups.splice(1, 0, [Object.assign({ ...rec }, claims)])
    },
    reason: /an inductive block without types/,
  },
  'a loose variable': { text: 'def t : Type := loose 0', reason: /^t: loose bound variable$/ },
  'a loose variable beyond what a term can bind': {
    text: 'def t : Type := loose 4294967295',
    reason: /an index of 4294967295 in an expression/,
  },
  'an undeclared universe parameter': {
    text: 'def t : Sort (u+1) := Sort u',
    reason: /universe parameter u/,
  },
}

/** The nearest valid declarations. */
export const NEAR: Readonly<Record<string, string>> = {
  'projection of what is a proof after reduction': `${STUCK}theorem t : forall (a : A) (g : Below a) (X : U a (Acc.intro.{1} A r a g)), S a g X -> X :=
  fun (a : A) (g : Below a) (X : U a (Acc.intro.{1} A r a g)) (s : S a g X) => proj S 0 s`,
  'alg-conv-trans-acc, left half': aboutRec('rec b a h', MADE, 'Eq.refl.{1} Bool (rec b a h)'),
  'alg-conv-trans-acc, right half': aboutRec(MADE, 'b', 'Eq.refl.{1} Bool b'),
  'two constructors in a sort that may be Prop, into Prop':
    'inductive T.{u} : Sort u elim Prop | a : T.{u} | b : T.{u}',
  'two proofs of a proposition, into Prop': 'inductive T : Sort (imax 1 0) elim Prop | a : T | b : T',
  'a field below the universe': 'inductive T.{u} : Sort (imax u 2) | mk : Prop -> T.{u}',
  'imax of successors': 'def t.{u} : Sort (imax (u+2) (u+2)) := Sort (imax u (u+1))',
  'imax below a successor': 'def t.{u} : Sort ((imax 1 u)+1) := Sort (imax 1 u)',
  'other/proj-of-prop, well typed': `${NAT}${AND}theorem t : forall (p q : Prop), And p q -> p := fun (p q : Prop) (h : And p q) => proj And 0 ((fun (n : Nat) => h) 0)`,
  'corner-cases/proof-param-ok': 'axiom P : Prop\ninductive T (x : P) (y : P) : Type | mk : T x y',
}

/** Both verdicts are tolerated. */
export const EITHER: Readonly<Record<string, string>> = {
  'alg-conv-trans-acc': aboutRec('rec b a h', 'b', 'Eq.refl.{1} Bool b'),
  'subject-reduction-redex': aboutRec(
    'rec b a h',
    'b',
    `(fun (e : Eq.{1} Bool (${MADE}) b) => e) (Eq.refl.{1} Bool b)`,
  ),
  'proof-param-swap': 'axiom P : Prop\ninductive T (x : P) (y : P) : Type elim none | mk : T y x',
  'positivity-whnf': `${CONST}inductive T (A : Type) : Type elim none | mk : const.{2,2} Type Type A (T A) -> T A`,
  'nested-nonuniform-param': `inductive L (A : Type) : Type | nil : L A | cons : A -> L A -> L A
inductive T (A : Type) : Type elim none | mk : L (T (L A)) -> T A`,
  'alg-conv-trans-quot': `${QUOT}theorem t : forall (A : Type) (r : A -> A -> Prop) (P : Prop) (h : P) (q : Quot.{0} P (fun (a b : P) => P)), Eq.{0} P (Quot.lift.{0,0} P (fun (a b : P) => P) P (fun (x : P) => x) (fun (a b : P) (e : P) => Eq.refl.{0} P a) q) h :=
  fun (A : Type) (r : A -> A -> Prop) (P : Prop) (h : P) (q : Quot.{0} P (fun (a b : P) => P)) => Eq.refl.{0} P h`,
}
