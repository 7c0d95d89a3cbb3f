"""The plan that the user sees."""

from coding_agent_test import CodingAgentTest
from scripted_ensemble import call, text


def plan(call_id, *steps, **more):
    return call(call_id, "todo", {"steps": [{"title": title, "state": state} for title, state in steps], **more})


class PlanTest(CodingAgentTest):
    def shown(self, agent) -> list:
        return [tuple(e.get(k) for k in ("type", "step_id", "outcome") if e.get(k))
                for e in agent.elements() if e["type"].startswith("plan.")]

    async def test_a_plan_is_shown_when_it_is_made_and_as_it_goes_on(self):
        self.ensemble.says(plan("c1", ("read", "in_progress"), ("write", "pending"), title="A poem"))
        self.ensemble.says(plan("c2", ("read", "done"), ("write", "in_progress"))).says(text("half"))
        agent = await self.agent()
        await agent.turn("go")
        created = await agent.element("plan.created")
        self.assertEqual((created["title"], created["steps"]), (
            "A poem", [{"step_id": "1", "title": "read"}, {"step_id": "2", "title": "write"}]))
        self.assertEqual(self.shown(agent), [
            ("plan.created",), ("plan.step_started", "1"), ("plan.step_completed", "1", "done"),
            ("plan.step_started", "2")])
        # Another turn, here of another process, shows the whole plan again.
        self.ensemble.says(plan("c3", ("read", "done"), ("write", "done"))).says(
            plan("c4", ("read", "done"), ("write", "done"), ("check", "pending"), title="The user wants a check")).says()
        agent = await self.restarted(agent)
        await agent.turn("go on")
        self.assertEqual(self.shown(agent), 2 * [
            ("plan.revised",), ("plan.step_completed", "1", "done"), ("plan.step_completed", "2", "done")])
        self.assertEqual([e["reason"] for e in agent.elements("plan.revised")], ["Plan", "The user wants a check"])

    async def test_a_plan_that_makes_no_sense_is_refused(self):
        self.ensemble.says(plan("c1"), plan("c2", ("", "done")), plan("c3", ("a", "maybe"))).says()
        agent = await self.agent()
        await agent.turn("go")
        self.assertEqual([e["code"] for e in agent.elements("tool_error")], ["INVALID_ARGUMENTS"] * 3)
        self.assertEqual(self.shown(agent), [])
