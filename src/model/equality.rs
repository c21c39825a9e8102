//! Which shapes are equal once resolved.
//!
//! Two shapes are equal when their infinite unfoldings are: references count as what they refer to,
//! members, requirements and alternatives have no order. The answer is exact: classes are interned by
//! full structural keys, never by a hash alone, because a verdict rests on them and the input is hostile.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Notes, Shape, ShapeId, Shapes, Sparse};

/// A set of equal shapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Class(u32);

/// The classes of a graph; grows with it.
#[derive(Debug, Default)]
pub struct Equality {
    /// What each shape is once pure references are followed.
    resolved: Vec<ShapeId>,
    sense: Partition,
    text: Partition,
}

/// What counts as a difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Look {
    /// What bears on validation: notes other than formats and access marks are dropped.
    #[default]
    Sense,
    /// Everything that is said.
    Text,
}

/// The graph with pure references followed, so that no cycle runs through one.
struct Graph<'g> {
    shapes: &'g Shapes,
    resolved: &'g [ShapeId],
}

impl Graph<'_> {
    fn get(&self, id: ShapeId) -> &Shape {
        self.shapes.get(id)
    }

    fn resolve(&self, id: ShapeId) -> ShapeId {
        self.resolved.get(id.index()).copied().unwrap_or(id)
    }

    fn children(&self, id: ShapeId) -> Vec<ShapeId> {
        let mut ids = Vec::new();
        self.get(id).clone().for_each_child_mut(|child| ids.push(self.resolve(*child)));
        ids
    }

    /// What the shape says with its children replaced and what has no order put in one.
    fn key(&self, id: ShapeId, look: Look, replace: &dyn Fn(ShapeId) -> ShapeId) -> Shape {
        key(self.get(id), look, &|child| replace(self.resolve(child)))
    }
}

#[derive(Debug, Default)]
struct Partition {
    classes: Vec<Class>,
    known: HashMap<Shape, Class, foldhash::fast::FixedState>,
    /// Cyclic shapes by what they say apart from the cycle, for finding equal cycles.
    cyclic: HashMap<Shape, Vec<ShapeId>, foldhash::fast::FixedState>,
    /// By class, the first shape that says by itself what the class says.
    speakers: Vec<ShapeId>,
}

impl Equality {
    /// Classifies the shapes that were added since the last call.
    pub fn extend(&mut self, shapes: &Shapes) {
        let first = self.sense.classes.len();
        if first == shapes.len() {
            return;
        }
        let fresh = shapes.iter().skip(first).map(|(id, _)| followed(shapes, id));
        self.resolved.extend(fresh);
        let graph = Graph { shapes, resolved: &self.resolved };
        let components = components(&graph, first);
        self.sense.extend(&graph, &components, Look::Sense);
        self.text.extend(&graph, &components, Look::Text);
    }

    /// The class of what bears on validation.
    pub fn sense(&self, id: ShapeId) -> Option<Class> {
        self.sense.class(id)
    }

    /// A shape that says what this one says to validation, and says it itself: it is more than a
    /// reference or a conjunction or choice of one.
    pub fn speaker(&self, id: ShapeId) -> Option<ShapeId> {
        let class = usize::try_from(self.sense.class(id)?.0).ok()?;
        self.sense.speakers.get(class).copied()
    }

    /// Whether both admit the same values by saying the same things.
    pub fn same_sense(&self, left: ShapeId, right: ShapeId) -> bool {
        left == right || same(&self.sense, left, right)
    }

    /// Whether both say the same, texts and examples included.
    pub fn same_text(&self, left: ShapeId, right: ShapeId) -> bool {
        left == right || same(&self.text, left, right)
    }

    /// Whether two conjunctions say the same to validation.
    pub fn same_senses(&self, left: &[ShapeId], right: &[ShapeId]) -> bool {
        classes(&self.sense, left) == classes(&self.sense, right)
    }

    /// Whether two conjunctions say the same, texts and examples included.
    pub fn same_texts(&self, left: &[ShapeId], right: &[ShapeId]) -> bool {
        classes(&self.text, left) == classes(&self.text, right)
    }
}

fn same(partition: &Partition, left: ShapeId, right: ShapeId) -> bool {
    let (left, right) = (partition.class(left), partition.class(right));
    left.is_some() && left == right
}

fn classes(partition: &Partition, ids: &[ShapeId]) -> BTreeSet<Option<Class>> {
    ids.iter().map(|id| partition.class(*id)).collect()
}

impl Partition {
    fn class(&self, id: ShapeId) -> Option<Class> {
        self.classes.get(id.index()).copied()
    }

    fn extend(&mut self, graph: &Graph<'_>, components: &[Vec<ShapeId>], look: Look) {
        self.classes.resize(graph.shapes.len(), Class(u32::MAX));
        for component in components {
            let cyclic =
                component.len() > 1 || component.iter().any(|id| graph.children(*id).contains(id));
            match component.as_slice() {
                [only] if !cyclic => self.add(graph, *only, look),
                several => self.add_cycle(graph, several, look),
            }
        }
    }

    fn add(&mut self, graph: &Graph<'_>, id: ShapeId, look: Look) {
        let key = graph.key(id, look, &|child| Class::of(self.class(child)));
        let class = match alias(&key) {
            Some(target) => Class(target.raw()),
            None => self.intern(key, id),
        };
        self.set(id, class);
    }

    fn intern(&mut self, key: Shape, speaker: ShapeId) -> Class {
        let next = self.next_class();
        let class = *self.known.entry(key).or_insert(next);
        if class == next {
            self.speakers.push(speaker);
        }
        class
    }

    fn next_class(&self) -> Class {
        Class(u32::try_from(self.speakers.len()).unwrap_or(u32::MAX))
    }

    fn set(&mut self, id: ShapeId, class: Class) {
        if let Some(place) = self.classes.get_mut(id.index()) {
            *place = class;
        }
    }

    /// Refines the component until no class splits, then finds an equal cycle that is known.
    fn add_cycle(&mut self, graph: &Graph<'_>, component: &[ShapeId], look: Look) {
        let colours = self.refine(graph, component, look);
        let mut classes: BTreeMap<u32, Class> = BTreeMap::new();
        for id in component {
            let Some(colour) = colours.get(id).copied() else { continue };
            if classes.contains_key(&colour) {
                continue;
            }
            let known = self.find_equal(graph, *id, &colours, look);
            let class = known.and_then(|known| self.class(known)).unwrap_or_else(|| {
                let class = self.next_class();
                self.speakers.push(*id);
                class
            });
            classes.insert(colour, class);
        }
        for id in component {
            let class = colours.get(id).and_then(|colour| classes.get(colour));
            self.set(*id, class.copied().unwrap_or(Class(u32::MAX)));
        }
        for id in component {
            let masked = self.masked(graph, *id, &colours, look);
            self.cyclic.entry(masked).or_default().push(*id);
            // A copy that unrolls the cycle once is equal to it.
            let full = graph.key(*id, look, &|child| Class::of(self.class(child)));
            if let Some(class) = self.class(*id) {
                self.known.entry(full).or_insert(class);
            }
        }
    }

    fn refine(
        &self,
        graph: &Graph<'_>,
        component: &[ShapeId],
        look: Look,
    ) -> BTreeMap<ShapeId, u32> {
        let mut colours: BTreeMap<ShapeId, u32> = component.iter().map(|id| (*id, 0)).collect();
        let mut distinct = 1;
        loop {
            let mut seen: HashMap<Shape, u32, foldhash::fast::FixedState> = HashMap::default();
            let mut next = BTreeMap::new();
            for id in component {
                let key = graph.key(*id, look, &|child| match colours.get(&child) {
                    Some(colour) => ShapeId::from_raw(u32::MAX - 1 - colour),
                    None => Class::of(self.class(child)),
                });
                let fresh = u32::try_from(seen.len()).unwrap_or(u32::MAX);
                next.insert(*id, *seen.entry(key).or_insert(fresh));
            }
            colours = next;
            if seen.len() == distinct {
                return colours;
            }
            distinct = seen.len();
        }
    }

    /// What a cyclic shape says, its neighbours on the cycle left out.
    fn masked(
        &self,
        graph: &Graph<'_>,
        id: ShapeId,
        component: &BTreeMap<ShapeId, u32>,
        look: Look,
    ) -> Shape {
        graph.key(id, look, &|child| {
            if component.contains_key(&child) {
                ShapeId::from_raw(u32::MAX)
            } else {
                Class::of(self.class(child))
            }
        })
    }

    fn find_equal(
        &self,
        graph: &Graph<'_>,
        id: ShapeId,
        component: &BTreeMap<ShapeId, u32>,
        look: Look,
    ) -> Option<ShapeId> {
        let candidates = self.cyclic.get(&self.masked(graph, id, component, look))?;
        candidates.iter().copied().find(|known| {
            let mut assumed = BTreeMap::new();
            self.bisimilar(graph, id, *known, component, look, &mut assumed)
        })
    }

    /// Whether the new cyclic shape unfolds like the known one, by assuming it and looking for a
    /// contradiction.
    fn bisimilar(
        &self,
        graph: &Graph<'_>,
        fresh: ShapeId,
        known: ShapeId,
        component: &BTreeMap<ShapeId, u32>,
        look: Look,
        assumed: &mut BTreeMap<ShapeId, ShapeId>,
    ) -> bool {
        let mut waiting = vec![(fresh, known)];
        while let Some((fresh, known)) = waiting.pop() {
            if !component.contains_key(&fresh) {
                if self.class(fresh) != self.class(known) {
                    return false;
                }
                continue;
            }
            if let Some(other) = assumed.get(&fresh) {
                if *other == known {
                    continue;
                }
                return false;
            }
            assumed.insert(fresh, known);
            let mask = |_| ShapeId::from_raw(0);
            if graph.key(fresh, look, &mask) != graph.key(known, look, &mask) {
                return false;
            }
            let (left, right) = (graph.children(fresh), graph.children(known));
            if left.len() != right.len() {
                return false;
            }
            waiting.extend(left.into_iter().zip(right));
        }
        true
    }
}

impl Class {
    /// A class in the place of a child; keys hold classes where shapes hold ids.
    fn of(class: Option<Self>) -> ShapeId {
        ShapeId::from_raw(class.map_or(u32::MAX, |class| class.0))
    }
}

/// What the shape says with its children replaced and what has no order put in one.
fn key(shape: &Shape, look: Look, replace: &dyn Fn(ShapeId) -> ShapeId) -> Shape {
    let mut key = shape.clone();
    if look == Look::Sense {
        key.notes = sensible(&shape.notes);
    }
    if key.boolean == Some(true) {
        key.boolean = None;
    }
    key.for_each_child_mut(|child| *child = replace(*child));
    if let Some(list) = &mut key.enumeration {
        list.value.sort();
        list.value.dedup();
    }
    if let Some(object) = key.object.get_mut() {
        object
            .patterns
            .sort_by(|left, right| (&left.0.value, left.1).cmp(&(&right.0.value, right.1)));
    }
    if let Some(logic) = key.logic.get_mut() {
        logic.all_of.sort_unstable();
        logic.all_of.dedup();
        for group in [&mut logic.any_of, &mut logic.one_of].into_iter().flatten() {
            group.value.sort_unstable();
        }
        if let Some(any) = &mut logic.any_of {
            any.value.dedup();
        }
    }
    key
}

/// The notes that bear on validation.
fn sensible(notes: &Sparse<Notes>) -> Sparse<Notes> {
    let Some(notes) = notes.get() else { return Sparse::default() };
    let kept = Notes {
        format: notes.format.clone(),
        read_only: notes.read_only.clone(),
        write_only: notes.write_only.clone(),
        ..Notes::default()
    };
    Sparse::from(kept)
}

/// The one shape that this one only points at, if it says nothing of its own.
fn alias(key: &Shape) -> Option<ShapeId> {
    let mut rest = key.clone();
    if let Some(reference) = rest.reference.take() {
        return if rest == Shape::anything(key.span.span) { Some(reference.target) } else { None };
    }
    let logic = rest.logic.get_mut()?;
    let single = match (logic.all_of.as_slice(), &logic.any_of, &logic.one_of) {
        ([only], None, None) => Some(*only),
        ([], Some(group), None) | ([], None, Some(group)) => match group.value.as_slice() {
            [only] => Some(*only),
            _ => None,
        },
        _ => None,
    }?;
    (logic.all_of, logic.any_of, logic.one_of) = (Vec::new(), None, None);
    let silent = logic.not.is_none() && logic.condition.is_none();
    rest.logic = Sparse::default();
    if silent && rest == Shape::anything(key.span.span) { Some(single) } else { None }
}

/// The shape at the end of a chain of pure references; itself where the chain has no end.
fn followed(shapes: &Shapes, id: ShapeId) -> ShapeId {
    const MAX_HOPS: usize = 1_000;
    let mut at = id;
    for _ in 0..MAX_HOPS {
        let shape = shapes.get(at);
        let Some(reference) = &shape.reference else { return at };
        let rest = Shape { reference: None, ..shape.clone() };
        if rest != Shape::anything(shape.span.span) {
            return at;
        }
        at = reference.target;
    }
    id
}

/// Strongly connected components of the shapes from `first` on, children before parents
/// (Tarjan 1972), without recursion.
fn components(graph: &Graph<'_>, first: usize) -> Vec<Vec<ShapeId>> {
    let mut search = Search::new(graph.shapes.len());
    for (id, _) in graph.shapes.iter().skip(first) {
        search.run(graph, id, first);
    }
    search.found
}

struct Search {
    order: Vec<Option<u32>>,
    low: Vec<u32>,
    on_stack: Vec<bool>,
    stack: Vec<ShapeId>,
    next: u32,
    found: Vec<Vec<ShapeId>>,
}

impl Search {
    fn new(size: usize) -> Self {
        Self {
            order: vec![None; size],
            low: vec![0; size],
            on_stack: vec![false; size],
            stack: Vec::new(),
            next: 0,
            found: Vec::new(),
        }
    }

    #[expect(clippy::indexing_slicing, reason = "the tables have an entry for every shape")]
    fn run(&mut self, graph: &Graph<'_>, root: ShapeId, first: usize) {
        if self.order[root.index()].is_some() {
            return;
        }
        let mut frames: Vec<(ShapeId, Vec<ShapeId>)> = vec![self.open(graph, root, first)];
        while let Some((id, waiting)) = frames.last_mut() {
            let id = *id;
            if let Some(child) = waiting.pop() {
                match self.order[child.index()] {
                    None => frames.push(self.open(graph, child, first)),
                    Some(order) if self.on_stack[child.index()] => {
                        self.low[id.index()] = self.low[id.index()].min(order);
                    }
                    Some(_) => {}
                }
                continue;
            }
            frames.pop();
            let low = self.low[id.index()];
            if let Some((parent, _)) = frames.last() {
                let parent = parent.index();
                self.low[parent] = self.low[parent].min(low);
            }
            if self.order[id.index()] == Some(low) {
                self.close(id);
            }
        }
    }

    #[expect(clippy::indexing_slicing, reason = "the tables have an entry for every shape")]
    fn open(&mut self, graph: &Graph<'_>, id: ShapeId, first: usize) -> (ShapeId, Vec<ShapeId>) {
        self.order[id.index()] = Some(self.next);
        self.low[id.index()] = self.next;
        self.next += 1;
        self.stack.push(id);
        self.on_stack[id.index()] = true;
        let mut waiting = graph.children(id);
        waiting.retain(|child| child.index() >= first);
        (id, waiting)
    }

    #[expect(clippy::indexing_slicing, reason = "the tables have an entry for every shape")]
    fn close(&mut self, id: ShapeId) {
        let mut component = Vec::new();
        while let Some(member) = self.stack.pop() {
            self.on_stack[member.index()] = false;
            component.push(member);
            if member == id {
                break;
            }
        }
        component.sort_unstable();
        self.found.push(component);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, Kinds, Stated};
    use crate::source::{FileId, Span};

    fn span() -> Span {
        Span { file: FileId::default(), start: 0, end: 0 }
    }

    fn text() -> Shape {
        let kinds = Stated { value: Kinds::NONE.with(Kind::String), span: span() };
        Shape { kinds: Some(kinds), ..Shape::anything(span()) }
    }

    fn list_of(item: ShapeId) -> Shape {
        let mut list = Shape::anything(span());
        list.array.edit().rest = Some(item);
        list
    }

    fn reference_to(target: ShapeId) -> Shape {
        let name = "#/x".into();
        let reference = Some(crate::model::Reference { target, name, span: span() });
        Shape { reference, ..Shape::anything(span()) }
    }

    #[test]
    fn a_reference_equals_what_it_refers_to() {
        let mut shapes = Shapes::default();
        let plain = shapes.add(text());
        let other = shapes.add(text());
        let alias = shapes.add(reference_to(other));
        let anything = shapes.add(Shape::anything(span()));
        let mut equality = Equality::default();
        equality.extend(&shapes);
        assert!(equality.same_text(plain, alias));
        assert!(!equality.same_sense(plain, anything));
    }

    #[test]
    fn equal_cycles_are_equal_however_often_they_are_unrolled() {
        let mut shapes = Shapes::default();
        let once = shapes.reserve(span());
        shapes.set(once, list_of(once));
        let first = shapes.reserve(span());
        let second = shapes.add(list_of(first));
        shapes.set(first, list_of(second));
        let outside = shapes.add(list_of(once));
        let mut equality = Equality::default();
        equality.extend(&shapes);
        assert!(equality.same_text(first, second));
        assert!(equality.same_text(once, outside));
        let later = shapes.reserve(span());
        shapes.set(later, list_of(later));
        equality.extend(&shapes);
        assert!(equality.same_text(once, later));
        let different = shapes.add(list_of(outside));
        let mut bounded = list_of(different);
        bounded.array.edit().min_items = Some(Stated { value: 1, span: span() });
        let bounded = shapes.add(bounded);
        equality.extend(&shapes);
        assert!(equality.same_text(different, once));
        assert!(!equality.same_sense(bounded, once));
    }

    #[test]
    fn a_reference_on_a_cycle_equals_the_shape_it_refers_to() {
        let mut shapes = Shapes::default();
        let tree = shapes.reserve(span());
        let alias = shapes.add(reference_to(tree));
        shapes.set(tree, list_of(alias));
        let mut equality = Equality::default();
        equality.extend(&shapes);
        assert!(equality.same_text(tree, alias));
        assert_eq!(equality.speaker(alias), Some(tree));
    }

    #[test]
    fn who_speaks_for_a_class_says_it_itself() {
        let mut shapes = Shapes::default();
        let wrapped = shapes.reserve(span());
        let plain = shapes.add(text());
        let mut choice = Shape::anything(span());
        choice.logic.edit().one_of = Some(Stated { value: vec![plain], span: span() });
        shapes.set(wrapped, choice);
        let mut equality = Equality::default();
        equality.extend(&shapes);
        assert!(equality.same_sense(wrapped, plain));
        assert_eq!(equality.speaker(wrapped), Some(plain));
    }

    #[test]
    fn texts_count_only_where_they_are_asked_about() {
        let mut shapes = Shapes::default();
        let plain = shapes.add(text());
        let mut titled = text();
        titled.notes.edit().title = Some(Stated { value: "t".into(), span: span() });
        let titled = shapes.add(titled);
        let mut equality = Equality::default();
        equality.extend(&shapes);
        assert!(equality.same_sense(plain, titled));
        assert!(!equality.same_text(plain, titled));
    }
}
