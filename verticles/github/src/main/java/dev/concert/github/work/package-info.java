/**
 * Work on issues and pull requests. A {@link dev.concert.github.work.WorkItem} is an issue that an
 * agent works on, in a session and on a branch of its own, or a pull request that it reviews; its
 * {@link dev.concert.github.work.WorkPlan} says what its agent may do. A {@link
 * dev.concert.github.work.WorkTask} is one turn of it. {@link dev.concert.github.work.TenantWork}
 * takes events of a tenant through its inbox, {@link dev.concert.github.work.EventIntake} decides
 * what they start, and {@link dev.concert.github.work.TaskRun} brings a task to its end, a step at
 * a time: {@link dev.concert.github.work.TurnPreparation}, the turn, {@link
 * dev.concert.github.work.ChangePublication} or {@link dev.concert.github.work.ReviewPublication},
 * and {@link dev.concert.github.work.CommitCheck}. What is said on GitHub leaves through an outbox.
 * Every step can be repeated, so a crash between two of them changes nothing.
 *
 * <p>Large on purpose: the steps share what is stored of one task, and nobody else uses them.
 */
package dev.concert.github.work;
