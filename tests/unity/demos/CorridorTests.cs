using System.Collections.Generic;
using NUnit.Framework;
using Sentio.Demos;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>The night corridor, for minutes.</summary>
    [TestFixture]
    public class CorridorTests
    {
        [TearDown]
        public void End() { Stage.Reset(); }

        private static SentioResponse Answer(bool startled, string kind = "first_response")
        {
            var data = new Dictionary<string, object> { { "detected", startled }, { "pattern", startled ? "startle" : "" } };
            var body = new Dictionary<string, object> { { "data", data } };
            return SentioResponse.FromEvent(new SentioEvent { Kind = kind, Name = "enemy_appeared", Body = body });
        }

        [Test]
        public void AStartleMakesTheNextScareLaterAndMilderNoAnswerSoonerAndStronger()
        {
            var dread = new Dread();
            Assert.IsTrue(dread.Take(Answer(true)));
            Assert.AreEqual(1.4f * Dread.Usual, dread.Interval, 1e-4);
            Assert.AreEqual(Dread.UsualStrength - 0.15f, dread.Strength, 1e-5);
            for (int i = 0; i < 20; i++) dread.Take(Answer(false));
            Assert.AreEqual(Dread.Least, dread.Interval);
            Assert.AreEqual(Dread.Strongest, dread.Strength);
            for (int i = 0; i < 20; i++) dread.Take(Answer(true));
            Assert.AreEqual(Dread.Most, dread.Interval);
            Assert.AreEqual(Dread.Mildest, dread.Strength);
            Assert.IsFalse(dread.Take(Answer(false, "response")), "the refined answer comes too late");
        }

        [Test]
        public void WithAdaptationOffScaresComeEvenly()
        {
            var dread = new Dread { Adapt = false };
            int scares = 0;
            dread.Due += strength =>
            {
                scares++;
                Assert.AreEqual(Dread.UsualStrength, strength);
                dread.Take(Answer(true));
            };
            for (int i = 0; i < 10 * Dread.Usual; i++) dread.Advance(1);
            Assert.AreEqual(10, scares);
        }

        [Test]
        public void ASimulatedPersonChangesTheScaresAndEachChangeIsReported()
        {
            var corridor = new DemoRunner<NightCorridor>();
            var reports = new List<SentioAdaptation>();
            corridor.Demo.Feed.Adapted += reports.Add;
            var lines = new HashSet<string>();
            List<float> strength = corridor.Play(180, one =>
            {
                if (one.Why.Shown) lines.Add(one.Why.Line);
                return one.Demand;
            });
            Assert.Greater(lines.Count, 0);
            foreach (string line in lines) StringAssert.StartsWith("The corridor: ", line);
            Assert.GreaterOrEqual(corridor.Demo.Scares, 4);
            Assert.Greater(DemoRunner<NightCorridor>.Range(strength), 0.1f);
            Assert.IsTrue(reports.Exists(one => one.What == "scares" && one.Why.Contains("startled")));
        }

        [Test]
        public void ACalmAndATensePlayerWalkThroughDifferentCorridors()
        {
            var fog = new List<float>();
            var dark = new List<float>();
            foreach (float arousal in new[] { -0.8f, 0.8f })
            {
                var corridor = new DemoRunner<NightCorridor>();
                corridor.Person.Scenario = SimulatedScenario.Sliders;
                corridor.Person.Sliders.Arousal = arousal;
                corridor.Person.Reactions = null;
                corridor.Play(20);
                fog.Add(RenderSettings.fogDensity);
                dark.Add(corridor.Demo.Darkness);
            }
            Assert.Greater(dark[0], dark[1] + 0.5f);
            Assert.Greater(fog[0], 3 * fog[1]);
        }

        [Test]
        public void NothingFlashesAndSafeStopEndsTheScares()
        {
            var corridor = new DemoRunner<NightCorridor>();
            List<float> light = corridor.Play(120, one => one.Light);
            Assert.LessOrEqual(DemoRunner<NightCorridor>.Flashes(light), 3);
            corridor.Press(KeyCode.Escape);
            int before = corridor.Demo.Scares;
            corridor.Play(90);
            Assert.AreEqual(0, corridor.Demo.Darkness, "it is clear after a safe stop");
            Assert.AreEqual(before, corridor.Demo.Scares);
        }
    }
}
