/**
 * Files and batches, which vendors keep. A {@code KeptObject} is one of them, with the key that
 * made it: for other keys it does not exist. A batch has a {@code BatchPlan}: who answers its
 * lines, and what that may cost at most, which {@code BatchBooks} hold in the budgets of its key
 * until the batch is over and each of its answers is a call in the usage ledger. Nodes exchange the
 * objects as {@code ObjectRecords}. A batch is in the books of one node: the one that has made it,
 * or one that has taken it over by a {@code BatchClaims} after that one was lost.
 */
package dev.concert.ensemble.batch;
