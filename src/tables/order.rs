//! Rows in the same order every time: by default the engine groups, joins and cuts in any order.

use std::sync::Arc;

use polars::prelude::{DslPlan, LazyFrame, MaintainOrderJoin};

/// Returns the same plan, with every step told to keep the order of its input.
pub fn keep_order(mut frame: LazyFrame) -> LazyFrame {
    keep(&mut frame.logical_plan);
    // The first would drop what was told above; the second turns a stable sort into an unstable one.
    frame.with_check_order(false).with_slice_pushdown(false)
}

fn keep(plan: &mut DslPlan) {
    match plan {
        DslPlan::GroupBy { input, maintain_order, .. } => {
            *maintain_order = true;
            keep(Arc::make_mut(input));
        }
        DslPlan::Distinct { input, options } => {
            options.maintain_order = true;
            keep(Arc::make_mut(input));
        }
        DslPlan::Sort { input, sort_options, .. } => {
            sort_options.maintain_order = true;
            keep(Arc::make_mut(input));
        }
        DslPlan::Join { input_left, input_right, options, .. } => {
            Arc::make_mut(options).args.maintain_order = MaintainOrderJoin::LeftRight;
            keep(Arc::make_mut(input_left));
            keep(Arc::make_mut(input_right));
        }
        DslPlan::Filter { input, .. }
        | DslPlan::Select { input, .. }
        | DslPlan::HStack { input, .. }
        | DslPlan::Slice { input, .. }
        | DslPlan::MapFunction { input, .. }
        | DslPlan::Cache { input, .. } => keep(Arc::make_mut(input)),
        DslPlan::ExtContext { input, contexts } => {
            keep(Arc::make_mut(input));
            contexts.iter_mut().for_each(keep);
        }
        DslPlan::Union { inputs, .. } | DslPlan::HConcat { inputs, .. } => inputs.iter_mut().for_each(keep),
        // A plan that was already translated would run as it was: go back to what it came from.
        DslPlan::IR { dsl, .. } => {
            *plan = DslPlan::clone(dsl);
            keep(plan);
        }
        _ => {}
    }
}
