using System;
using System.Collections.Generic;
using NUnit.Framework;

namespace Sentio.Tests
{
    /// <summary>Tests of the simulated person's face: action units for avatars, without a camera.</summary>
    [TestFixture]
    public class SimulatedFaceTests
    {
        private static readonly int Known = Enum.GetValues(typeof(SentioActionUnit)).Length;
        private Rig _rig;

        [SetUp]
        public void Begin() { _rig = new Rig(); }

        [TearDown]
        public void End() { _rig.Dispose(); }

        private static void Run(SentioSimulator simulator, float seconds)
        {
            for (int frame = 0; frame < seconds * 60; frame++) simulator.Advance(1f / 60);
        }

        private SentioSimulator Person(SimulatedScenario scenario, float noise = 0)
        {
            return _rig.Make<SentioSimulator>(one =>
            {
                one.Scenario = scenario;
                one.Realism = SimulatedRealism.Ideal;
                one.Noise = noise;
            });
        }

        private static float Unit(SentioSimulator simulator, SentioActionUnit unit)
        {
            return SentioFace.ActionUnit(simulator.LatestDetail, unit);
        }

        [Test]
        public void EveryMovementIsSentWithinItsRange()
        {
            foreach (SimulatedScenario scenario in Enum.GetValues(typeof(SimulatedScenario)))
            {
                SentioSimulator simulator = Person(scenario, 1);
                int details = 0;
                simulator.Detail += detail =>
                {
                    details++;
                    Dictionary<SentioActionUnit, float> units = SentioFace.ActionUnits(detail);
                    Assert.AreEqual(Known, units.Count, scenario.ToString());
                    foreach (float strength in units.Values) Assert.IsTrue(strength >= 0 && strength <= 1, scenario.ToString());
                };
                Run(simulator, 20);
                Assert.Greater(details, 70);
            }
        }

        [Test]
        public void MovementsMatchTheScenario()
        {
            SentioSimulator joy = Person(SimulatedScenario.Joy), stress = Person(SimulatedScenario.Stress);
            Run(joy, 20);
            Run(stress, 28);
            Assert.Greater(Unit(joy, SentioActionUnit.LipCornerPuller), 0.5f);
            Assert.AreEqual(0, Unit(joy, SentioActionUnit.BrowLowerer), 1e-6);
            double smile = Maps.Number(Maps.Child(joy.LatestDetail, "values"), "smile", -1);
            Assert.AreEqual(smile, Unit(joy, SentioActionUnit.LipCornerPuller), 1e-4);
            Assert.Greater(Unit(stress, SentioActionUnit.BrowLowerer), 0.2f);
            Assert.Greater(Unit(stress, SentioActionUnit.LipCornerDepressor), 0.15f);
            Assert.AreEqual(0, Unit(stress, SentioActionUnit.LipCornerPuller), 1e-6);
        }

        [Test]
        public void ThePersonBlinksAndMovesTheJaw()
        {
            SentioSimulator simulator = Person(SimulatedScenario.Rest);
            int closed = 0, all = 0;
            float least = 1, most = 0;
            simulator.Detail += detail =>
            {
                all++;
                if (SentioFace.ActionUnit(detail, SentioActionUnit.Blink) > 0.5f) closed++;
                float jaw = SentioFace.ActionUnit(detail, SentioActionUnit.JawDrop);
                least = Math.Min(least, jaw);
                most = Math.Max(most, jaw);
            };
            Run(simulator, 60);
            Assert.IsTrue(closed >= 4 && closed < 0.2 * all, "closed in " + closed + " of " + all);
            Assert.Greater(most - least, 0.1f);
        }

        [Test]
        public void WithoutAFaceNothingIsSent()
        {
            SentioSimulator simulator = Person(SimulatedScenario.Joy);
            simulator.Sliders.FaceQuality = 0;
            Run(simulator, 0.5f);
            Assert.IsEmpty(SentioFace.ActionUnits(simulator.LatestDetail));
            simulator.Sliders.FaceQuality = 0.9f;
            foreach (AffectState state in new[] { AffectState.NoSubject, AffectState.Withdrawn })
            {
                simulator.State = state;
                Run(simulator, 0.5f);
                Assert.IsEmpty(SentioFace.ActionUnits(simulator.LatestDetail), state.ToString());
            }
            simulator.State = AffectState.Ok;
            Run(simulator, 0.5f);
            Assert.AreEqual(Known, SentioFace.ActionUnits(simulator.LatestDetail).Count);
        }

        [Test]
        public void APlayerWhoLooksAwayShowsNoMovements()
        {
            SentioSimulator simulator = Person(SimulatedScenario.Rest);
            simulator.Realism = SimulatedRealism.Real;
            int away = 0;
            simulator.Detail += detail =>
            {
                Dictionary<string, object> face = Maps.Child(Maps.Child(detail, "modalities"), "face");
                bool gap = Maps.Text(face, "state") == "gap";
                if (gap) away++;
                Assert.AreEqual(gap, SentioFace.ActionUnits(detail).Count == 0);
            };
            Run(simulator, 120);
            Assert.Greater(away, 0, "the player looks away sometimes");
        }
    }
}
