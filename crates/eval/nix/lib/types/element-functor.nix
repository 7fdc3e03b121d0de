# The functor of a type with one element type: two of them merge if their
# element types do.
lib: name: make: elemType:
lib.types.defaultFunctor name
// {
  type = payload: make payload.elemType;
  wrapped = elemType;
  payload = { inherit elemType; };
  binOp =
    left: right:
    let
      merged = left.elemType.typeMerge right.elemType.functor;
    in
    if merged == null then null else { elemType = merged; };
}
