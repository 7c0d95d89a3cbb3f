package dev.concert.platform.rewind;

import dev.concert.platform.harness.OnTwoNodes;

@OnTwoNodes
class RewindOnTwoNodesTest extends RewindTest {}
