using System.Collections.Generic;
using NUnit.Framework;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>Graded exposure, and comfort in a headset.</summary>
    [TestFixture]
    public class ExposureTests
    {
        private Rig _rig;
        private HandFeed _feed;
        private SentioExposure _exposure;

        [SetUp]
        public void Begin()
        {
            _rig = new Rig();
            _feed = _rig.Make<HandFeed>();
            _exposure = _rig.Make<SentioExposure>(one => one.Source = _feed);
        }

        [TearDown]
        public void End() { _rig.Dispose(); }

        private void Run(float seconds)
        {
            for (int i = 0; i < seconds * 20; i++) _exposure.Advance(0.05f);
        }

        [Test]
        public void ACalmPlayerGoesFurtherAndATenseOneBack()
        {
            _feed.Give(AffectEntry.StressLevel, 0.2f, 0.9f);
            Run(21);
            Assert.AreEqual(1, _exposure.Step);
            Assert.AreEqual(SentioExposure.Programme, _exposure.Moves[0].By);
            _feed.Give(AffectEntry.StressLevel, 0.95f, 0.9f);
            Run(7);
            Assert.AreEqual(0, _exposure.Step);
            StringAssert.Contains("above 0.85", _exposure.Moves[1].Why);
            Assert.AreEqual(2, _feed.Marked.Count);
            Assert.AreEqual("", _feed.Reports[0].By);
        }

        [Test]
        public void AShortDipDoesNotTakeBackAllOfTheTension()
        {
            _exposure.StepForward("therapist");
            // The estimate is above the limit for three quarters of the time, as a real one is.
            for (int i = 0; i < 6; i++)
            {
                _feed.Give(AffectEntry.StressLevel, 0.95f, 0.9f);
                Run(3);
                _feed.Give(AffectEntry.StressLevel, 0.8f, 0.9f);
                Run(1);
            }
            Assert.AreEqual(0, _exposure.Step);
        }

        [Test]
        public void ReliefTakesTheHeightBackAtOnceAndGivesItAgain()
        {
            _exposure.Relief = 0.5f;
            _exposure.TenseSeconds = 100;
            _exposure.LeastSeconds = 600;
            _feed.Give(AffectEntry.StressLevel, 0.95f, 0.9f);
            for (int i = 0; i < 4; i++) _exposure.StepForward("therapist");
            Run(30);
            Assert.AreEqual(2, _exposure.Height, 1e-4);
            Assert.AreEqual(4, _exposure.Step);
            _feed.Give(AffectEntry.StressLevel, 0.1f, 0.9f);
            Run(30);
            Assert.AreEqual(4, _exposure.Height, 1e-4);
            _feed.Give(AffectEntry.StressLevel, 0.95f, 0.9f);
            _exposure.Hold("therapist");
            Run(30);
            Assert.AreEqual(4, _exposure.Height, 1e-4, "held where it is");
            _exposure.Adapt = false;
            _exposure.Resume("therapist");
            Run(30);
            Assert.AreEqual(4, _exposure.Height, 1e-4, "adaptation off");
        }

        [Test]
        public void UnknownAffectAndAdaptationOffNeverMoveIt()
        {
            Run(60);
            Assert.AreEqual(0, _exposure.Step);
            _feed.Give(AffectEntry.StressLevel, 0.1f, 0.9f);
            _exposure.Adapt = false;
            Run(60);
            Assert.AreEqual(0, _exposure.Step);
        }

        [Test]
        public void PeopleHoldAndMoveItAtOnceAndTheLogNamesThem()
        {
            _feed.Give(AffectEntry.StressLevel, 0.1f, 0.9f);
            _exposure.Hold("therapist");
            Run(60);
            Assert.AreEqual(0, _exposure.Step);
            _exposure.StepForward("therapist");
            _exposure.StepForward("therapist");
            _exposure.StepBack("player");
            Assert.AreEqual(1, _exposure.Step);
            Assert.AreEqual("player", _exposure.Moves[_exposure.Moves.Count - 1].By);
            Assert.AreEqual("player", _feed.Reports[_feed.Reports.Count - 1].By);
            _exposure.Resume("therapist");
            Run(21);
            Assert.AreEqual(2, _exposure.Step);
        }

        [Test]
        public void TheEndLeadsSlowlyToTheGroundAndStaysThere()
        {
            var ends = new List<string>();
            _exposure.Ended += ends.Add;
            for (int i = 0; i < 3; i++) _exposure.StepForward("therapist");
            Run(30);
            float before = _exposure.Height;
            Assert.AreEqual(3, before, 1e-4);
            _exposure.Finish("player");
            _exposure.Finish("player");
            Assert.AreEqual(1, ends.Count);
            _exposure.Advance(0.05f);
            Assert.AreEqual(before - 0.01f, _exposure.Height, 1e-5);
            Run(60);
            Assert.AreEqual(0, _exposure.Height, 1e-6);
            _exposure.StepForward("therapist");
            Assert.AreEqual(0, _exposure.Step);
        }

        [Test]
        public void TheGameMovesThePlayerSlowlyAndArrives()
        {
            SentioComfort comfort = _rig.Make<SentioComfort>();
            Vector3 place = Vector3.zero;
            float fastest = 0;
            for (int i = 0; i < 720; i++)
            {
                Vector3 next = comfort.Move(place, new Vector3(0, 4, 0), 1f / 72);
                fastest = Mathf.Max(fastest, Vector3.Distance(next, place) * 72);
                place = next;
            }
            Assert.LessOrEqual(fastest, comfort.Speed + 1e-3f);
            Assert.AreEqual(4, place.y, 1e-3);
            Assert.AreEqual(0, SentioComfort.Upright(new Vector3(30, 40, 50)).x);
        }

        [Test]
        public void VignetteAndBrightnessChangeSlowlyInBothEyes()
        {
            SentioComfort comfort = _rig.Make<SentioComfort>();
            Assert.AreEqual(0.15f, comfort.Vignette(1, 0.1f), 1e-5);
            Assert.AreEqual(0.15f, comfort.Vignette(float.NaN, 0.1f), 1e-5);
            Assert.AreEqual(0.1f, comfort.Vignette(0, 0.1f), 1e-5);
            float[] before = { comfort.Brightness(0, 0.5f, 1f / 72), comfort.Brightness(1, 0.5f, 1f / 72) };
            for (int i = 0; i < 200; i++)
            {
                float wanted = i / 5 % 2;
                for (int eye = 0; eye < 2; eye++)
                {
                    float given = comfort.Brightness(eye, eye == 0 ? wanted : 1 - wanted, 1f / 72);
                    Assert.LessOrEqual(Mathf.Abs(given - before[eye]), comfort.LightChange / 72 + 1e-5f);
                    before[eye] = given;
                }
                Assert.LessOrEqual(Mathf.Abs(before[0] - before[1]), comfort.MaxEyeDifference + 1e-5f);
            }
        }

        [Test]
        public void TheWayOutIsHeldForASecondAndWorksOnce()
        {
            SentioComfort comfort = _rig.Make<SentioComfort>();
            int count = 0;
            comfort.ExitRequested += () => count++;
            for (int i = 0; i < 60; i++) comfort.HoldExit(true, 1f / 72);
            Assert.AreEqual(0, count);
            for (int i = 0; i < 60; i++) comfort.HoldExit(true, 1f / 72);
            Assert.AreEqual(1, count);
        }
    }
}
