using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Sentio.Behaviour;
using Sentio.Demos;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>The arena, played for minutes.</summary>
    [TestFixture]
    public class EmberfieldTests
    {
        [TearDown]
        public void End() { Stage.Reset(); }

        [Test]
        public void ARecordingMovesItAndTheRailsHold()
        {
            var arena = new DemoRunner<Emberfield>();
            SentioPlayer player = arena.Recorded();
            var states = new HashSet<PacingState>();
            var light = new List<float>();
            List<float> demand = arena.Play(240, one =>
            {
                states.Add(one.Director.State);
                light.Add(one.Light.Strength);
                Assert.LessOrEqual(one.Horde.Foes.Count, 27, "26 and the warden");
                return one.Director.Demand;
            });
            Assert.AreEqual(LinkState.Live, player.Link);
            Assert.Greater(DemoRunner<Emberfield>.Range(demand), 0.4f, "the demand follows");
            Assert.Greater(DemoRunner<Emberfield>.Range(light), 0.1f, "so does the light");
            Assert.GreaterOrEqual(states.Count, 3);
            Assert.Greater(arena.Demo.Horde.Came, 60);
            Assert.LessOrEqual(DemoRunner<Emberfield>.FastestRise(demand), arena.Demo.Rails.Rise + 1e-3f, "no faster than the rails allow");
            Assert.LessOrEqual(demand.Max(), 1);
            Assert.LessOrEqual(DemoRunner<Emberfield>.Flashes(light), 3);
            Assert.IsTrue(arena.Demo.Rails.Audit.Any(note => note.What == "spawn_demand" && note.Rail == "slew"), "and they were needed");
        }

        [Test]
        public void DemandIsLowerUnderStressThanInBoredom()
        {
            float stressed = Mean(SimulatedScenario.Stress, true), bored = Mean(SimulatedScenario.Boredom, true);
            Assert.Less(stressed, bored - 0.03f);
        }

        [Test]
        public void WithAdaptationOffAffectHasNoEffect()
        {
            Assert.AreEqual(Mean(SimulatedScenario.Stress, false), Mean(SimulatedScenario.Boredom, false), 1e-6);
        }

        [Test]
        public void FreezeAndSafeStopWork()
        {
            var arena = new DemoRunner<Emberfield>();
            arena.Play(20);
            arena.Press(KeyCode.F);
            Assert.IsTrue(arena.Demo.Rails.Frozen);
            List<float> held = arena.Play(10, one => one.Director.Demand);
            Assert.AreEqual(0, DemoRunner<Emberfield>.Range(held), 1e-6);
            arena.Press(KeyCode.F);
            Assert.Greater(DemoRunner<Emberfield>.Range(arena.Play(20, one => one.Director.Demand)), 0.01f);
            arena.Press(KeyCode.Escape);
            arena.Play(arena.Demo.Rails.StopSeconds + 0.1f);
            Assert.AreEqual(0, arena.Demo.Director.Demand, 1e-4);
            arena.Press(KeyCode.R);
            Assert.Greater(arena.Play(60, one => one.Director.Demand).Max(), 0.1f);
        }

        [Test]
        public void KeysTakeOverFromTheAutopilot()
        {
            var arena = new DemoRunner<Emberfield>();
            arena.Play(1);
            Assert.IsTrue(arena.Demo.Autoplay);
            arena.Press(KeyCode.W);
            arena.Play(0.1f);
            Assert.IsFalse(arena.Demo.Autoplay);
        }

        private static float Mean(SimulatedScenario scenario, bool adaptation)
        {
            var arena = new DemoRunner<Emberfield>();
            arena.Demo.Adaptation = adaptation;
            arena.Person.Scenario = scenario;
            arena.Person.Reactions = null;
            return arena.Play(120, one => one.Director.Demand).Average();
        }
    }
}
