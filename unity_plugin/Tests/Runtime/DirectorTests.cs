using System.Collections.Generic;
using NUnit.Framework;
using Sentio.Behaviour;

namespace Sentio.Tests
{
    /// <summary>Tests of the director.</summary>
    [TestFixture]
    public class DirectorTests
    {
        private Rig _rig;
        private HandFeed _feed;
        private SentioDirector _director;

        [SetUp]
        public void Begin()
        {
            _rig = new Rig();
            _feed = _rig.Make<HandFeed>();
            _director = _rig.Make<SentioDirector>(one =>
            {
                one.Source = _feed;
                one.Settings.TargetEntry = AffectEntry.Arousal;
            });
        }

        [TearDown]
        public void End() { _rig.Dispose(); }

        private void Run(float seconds)
        {
            for (int frame = 0; frame < seconds * 20; frame++) _director.Advance(0.05f);
        }

        [Test]
        public void TimeAloneDrivesAllStates()
        {
            var states = new List<PacingState>();
            _director.PacingChanged += states.Add;
            _director.Settings.BuildUp = 5;
            Run(5.5f + 4 + 20 + 40);
            Assert.AreEqual(new[] { PacingState.Peak, PacingState.Fade, PacingState.Relax, PacingState.BuildUp }, states.ToArray());
        }

        [Test]
        public void PerformanceAloneReachesThePeak()
        {
            _director.SetPerformance("health_lost", 1);
            _director.SetPerformance("enemies", 0.8f, 0.5f);
            Assert.AreEqual(0.9333f, _director.Performance, 1e-3);
            Run(2);
            Assert.IsTrue(float.IsNaN(_director.Intensity) == false && _director.Intensity > 0.9f);
            Assert.AreEqual(PacingState.Peak, _director.State);
            _director.SetPerformance("health_lost", float.NaN);
            _director.SetPerformance("enemies", float.NaN);
            Assert.IsTrue(float.IsNaN(_director.Performance));
        }

        [Test]
        public void AffectHasNoEffectWhenSwitchedOff()
        {
            _director.Adapt = false;
            for (int frame = 0; frame < 200; frame++)
            {
                _feed.Give(AffectEntry.Arousal, 1, 0.9f);
                _director.Advance(0.05f);
            }
            Assert.IsTrue(float.IsNaN(_director.Intensity));
            Assert.AreEqual(PacingState.BuildUp, _director.State);
            StringAssert.Contains("adaptation to affect is off", _feed.Reported[_feed.Reported.Count - 1]);
        }

        [Test]
        public void IntensityBelowTheTargetRaisesTheDemand()
        {
            _director.Settings.Share = 0;
            _feed.Give(AffectEntry.Arousal, -0.8f, 0.9f);
            Run(4);
            float calm = _director.Demand;
            _director.Enter(PacingState.BuildUp);
            _feed.Give(AffectEntry.Arousal, 0.7f, 0.9f);
            Run(4);
            Assert.Greater(calm, _director.Demand + 0.1f);
            StringAssert.StartsWith("demand: build-up, arousal 0.10 for 0.60", _feed.Reported[0]);
        }

        [Test]
        public void DistressStopsTheDemandFromIncreasing()
        {
            _director.Settings.Share = 0;
            _director.Settings.DistressSeconds = 2;
            _feed.Give(AffectEntry.Arousal, 0.95f, 0.9f);
            Run(2.1f);
            float before = _director.Demand;
            Run(20);
            Assert.LessOrEqual(_director.Demand, before + 1e-4f);
        }

        [Test]
        public void AManualDemandIsLimitedOnlyByTheRails()
        {
            SentioRails rails = _rig.Make<SentioRails>();
            _director.Rails = rails;
            _director.ManualDemand = 0.8f;
            Run(6);
            Assert.AreEqual(0.8f, _director.Demand, 1e-4);
            StringAssert.Contains("set by hand", _feed.Reported[_feed.Reported.Count - 1]);
            rails.Freeze();
            _director.ManualDemand = 0.1f;
            Run(3);
            Assert.AreEqual(0.8f, _director.Demand, 1e-4);
            rails.Unfreeze();
            rails.SafeStop();
            Run(3);
            Assert.AreEqual(0, _director.Demand, 1e-4);
        }

        [Test]
        public void InvalidSettingsAreReported()
        {
            Assert.AreEqual("", _director.Settings.Problem);
            _director.Settings.CalmAt = 0.9f;
            StringAssert.Contains("Calm", _director.Settings.Problem);
        }
    }
}
