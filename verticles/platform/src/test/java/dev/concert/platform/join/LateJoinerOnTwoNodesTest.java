package dev.concert.platform.join;

import dev.concert.platform.harness.OnTwoNodes;

@OnTwoNodes
class LateJoinerOnTwoNodesTest extends LateJoinerTest {}
