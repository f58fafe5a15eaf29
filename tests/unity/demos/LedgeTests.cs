using System.Collections.Generic;
using System.Linq;
using NUnit.Framework;
using Sentio.Demos;
using UnityEngine;
using UnityEngine.XR;

namespace Sentio.Tests
{
    /// <summary>The ledge, for minutes.</summary>
    [TestFixture]
    public class LedgeTests
    {
        [TearDown]
        public void End()
        {
            InputDevices.Headset = null;
            Stage.Reset();
        }

        [Test]
        public void ACalmPersonRisesSlowlyAndATenseOneGoesBack()
        {
            var ledge = new DemoRunner<Ledge>();
            ledge.Person.Scenario = SimulatedScenario.Sliders;
            ledge.Person.Realism = SimulatedRealism.Ideal;
            ledge.Person.Noise = 0;
            ledge.Person.Sliders.Stress = 0.05f;
            List<float> height = ledge.Play(150, one => one.Height);
            Assert.GreaterOrEqual(ledge.Demo.Exposure.Step, 3);
            Assert.LessOrEqual(DemoRunner<Ledge>.FastestRise(height), ledge.Demo.Comfort.Speed + 1e-3f);
            int top = ledge.Demo.Exposure.Step;
            ledge.Person.Sliders.Stress = 0.95f;
            ledge.Play(60);
            Assert.Less(ledge.Demo.Exposure.Step, top);
            Assert.IsTrue(ledge.Demo.Exposure.Moves.All(move => move.By == SentioExposure.Programme));
        }

        [Test]
        public void WithAdaptationOffOnlyPeopleMoveIt()
        {
            var ledge = new DemoRunner<Ledge>();
            ledge.Demo.Adaptation = false;
            ledge.Play(120);
            Assert.AreEqual(0, ledge.Demo.Exposure.Step);
            ledge.Press(KeyCode.N);
            ledge.Press(KeyCode.N);
            ledge.Press(KeyCode.B);
            ledge.Press(KeyCode.H);
            ledge.Play(30);
            Assert.AreEqual(1, ledge.Demo.Exposure.Step);
            Assert.IsTrue(ledge.Demo.Exposure.Held);
            Assert.AreEqual(Ledge.Rise, ledge.Demo.Height, 1e-3);
        }

        [Test]
        public void TheWayOutLeadsToTheGroundAlsoWhenFrozen()
        {
            var ledge = new DemoRunner<Ledge>();
            ledge.Demo.Adaptation = false;
            for (int i = 0; i < 4; i++) ledge.Press(KeyCode.N);
            ledge.Play(40);
            Assert.AreEqual(4 * Ledge.Rise, ledge.Demo.Height, 1e-2);
            ledge.Press(KeyCode.F);
            ledge.Press(KeyCode.Escape);
            ledge.Play(60);
            Assert.IsTrue(ledge.Demo.Exposure.Finished);
            Assert.AreEqual(0, ledge.Demo.Height, 1e-3);
        }

        [Test]
        public void InAHeadsetThePlayerHoldsItByLookingAtTheButton()
        {
            var ledge = new DemoRunner<Ledge>();
            InputDevices.Headset = new Vector3(0, 1.6f, 0);
            ledge.Play(1);
            Assert.IsTrue(ledge.Demo.Panel.gameObject.activeSelf);
            Assert.AreEqual(1.1f, ledge.Demo.Panel.At.z, 1e-3, "before the eyes");
            Assert.Greater(ledge.Demo.Panel.Height, 0.2f);
            InputDevices.Headset = null;
            ledge.Play(0.1f);
            Assert.IsFalse(ledge.Demo.Panel.gameObject.activeSelf, "on the screen there are keys");
        }

        [Test]
        public void ARecordingIsPlayed()
        {
            var ledge = new DemoRunner<Ledge>();
            SentioPlayer player = ledge.Recorded();
            List<float> height = ledge.Play(180, one => one.Height);
            Assert.AreEqual(LinkState.Live, player.Link);
            Assert.Greater(DemoRunner<Ledge>.Range(height), 3f);
        }
    }
}
