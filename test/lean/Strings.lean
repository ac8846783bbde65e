module
/-! String literals: their conversion to lists of characters and back, and their encoding. -/
@[expose] public noncomputable section
namespace Strings

theorem str_lit_self : "literal" = "literal" := rfl
theorem str_of_list : String.ofList ['a', 'b'] = "ab" := rfl
theorem str_size_lit : String.utf8ByteSize "ab" = 2 := by with_unfolding_all rfl
theorem strOfListFoldSizeAscii :
    String.utf8ByteSize (String.ofList (List.foldl (fun l c => List.cons c l) [] ['b', 'a'])) = 2 := by
  with_unfolding_all rfl

theorem strOfListFoldSize :
    String.utf8ByteSize (String.ofList (List.foldl (fun l c => List.cons c l) [] ['漢', 'é'])) = 5 := by
  with_unfolding_all rfl

end Strings
