using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Sentio.Demos;
using UnityEngine;
using UnityEngine.XR;

namespace Sentio.Tests
{
    /// <summary>The breathing garden, for minutes.</summary>
    [TestFixture]
    public class GardenTests
    {
        [TearDown]
        public void End()
        {
            InputDevices.Headset = null;
            Stage.Reset();
        }

        [Test]
        public void ItGrowsWithCoherence()
        {
            var garden = new DemoRunner<BreathingGarden>();
            garden.Person.Scenario = SimulatedScenario.Sliders;
            garden.Person.Sliders.BreathingRate = 6;
            garden.Person.Sliders.Relaxation = 1;
            garden.Person.Noise = 0;
            List<float> day = garden.Play(240, one => one.Daylight);
            Assert.Greater(garden.Demo.Growth, 0.5f);
            Assert.Greater(garden.Demo.Breathing.Coherence, 0.5f);
            Assert.AreEqual(6, garden.Demo.Breathing.Rate, 0.01);
            Assert.Greater(day.Last(), day.First() + 0.2f);
            Assert.LessOrEqual(DemoRunner<BreathingGarden>.FastestRise(day), garden.Demo.Rails.Rise + 1e-3f);
        }

        [Test]
        public void ItDeclinesWithoutAffectAndTheOrbContinues()
        {
            var garden = new DemoRunner<BreathingGarden>();
            garden.Person.State = AffectState.NoSubject;
            List<float> size = garden.Play(120, one => one.OrbSize);
            Assert.IsTrue(float.IsNaN(garden.Demo.Breathing.Coherence), "unknown is not 0");
            Assert.AreEqual(0.08f, garden.Demo.Growth, 1e-3);
            Assert.AreEqual(0.5f, DemoRunner<BreathingGarden>.Range(size), 0.02);
            Assert.Greater(garden.Demo.Breathing.Breaths, 10);
        }

        [Test]
        public void WithAdaptationOffItGrowsWithTime()
        {
            var garden = new DemoRunner<BreathingGarden>();
            garden.Demo.Adaptation = false;
            garden.Person.State = AffectState.NoSubject;
            garden.Play(120);
            Assert.Greater(garden.Demo.Growth, 0.8f);
        }

        [Test]
        public void ARecordingIsPlayedAndNothingFlashes()
        {
            var garden = new DemoRunner<BreathingGarden>();
            SentioPlayer player = garden.Recorded();
            List<float> day = garden.Play(180, one => one.Daylight);
            Assert.AreEqual(LinkState.Live, player.Link);
            Assert.IsFalse(float.IsNaN(garden.Demo.Breathing.Coherence));
            Assert.LessOrEqual(DemoRunner<BreathingGarden>.Flashes(day), 3);
        }

        [Test]
        public void AHeadsetMovesTheCameraWhileItIsWorn()
        {
            var garden = new DemoRunner<BreathingGarden>();
            garden.Play(0.1f);
            Vector3 desk = Camera.main.transform.localPosition;
            InputDevices.Headset = new Vector3(0.1f, 1.6f, 0.2f);
            garden.Play(0.1f);
            Assert.AreEqual(1.6f, Camera.main.transform.localPosition.y, 1e-5);
            InputDevices.Headset = null;
            garden.Play(0.1f);
            Assert.AreEqual(desk.y, Camera.main.transform.localPosition.y, 1e-5);
        }
    }
}
