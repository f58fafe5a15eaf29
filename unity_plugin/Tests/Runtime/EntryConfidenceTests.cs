using System.Collections.Generic;
using NUnit.Framework;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>What components follow: the entry that they are bound to, by its own confidence, and why they
    /// wait.</summary>
    [TestFixture]
    public class EntryConfidenceTests
    {
        private Rig _rig;
        private HandFeed _feed;

        [SetUp]
        public void Begin()
        {
            _rig = new Rig();
            _feed = _rig.Make<HandFeed>();
        }

        [TearDown]
        public void End() { _rig.Dispose(); }

        private SentioBinding Bound(AffectEntry entry)
        {
            return _rig.Make<SentioBinding>(one =>
            {
                one.Source = _feed;
                one.Entry = entry;
                one.DeadBand = 0;
            });
        }

        private static void Run(SentioBinding binding, float seconds)
        {
            for (int frame = 0; frame < seconds * 50; frame++) binding.Advance(0.02f);
        }

        [Test]
        public void AnEntrysOwnConfidenceCounts()
        {
            var frame = new AffectFrame();
            frame.Set(AffectEntry.Arousal, 0.5f);
            frame.Set(AffectEntry.Stress, 0.4f);
            frame.Set(AffectEntry.HeartRate, 90);
            frame.Set(AffectEntry.Confidence, 0.3f);
            Assert.AreEqual(0.3f, frame.EffectiveConfidence(AffectEntry.Arousal), 1e-6, "where none came: the frame's");
            Assert.AreEqual(1, frame.EffectiveConfidence(AffectEntry.HeartRate), 1e-6, "where none came: a measurement is known");
            Assert.AreEqual(0, frame.EffectiveConfidence(AffectEntry.Valence), "unknown");
            frame.Set(AffectEntry.ArousalLevel, 0.5f);
            frame.SetEvidence(AffectEntry.Arousal, 0.1f, 0.1f);
            frame.SetEvidence(AffectEntry.Stress, 0.1f, 0.6f);
            Assert.AreEqual(0.1f, frame.EffectiveConfidence(AffectEntry.Arousal), 1e-6, "its own");
            Assert.AreEqual(0.1f, frame.EffectiveConfidence(AffectEntry.ArousalLevel), 1e-6, "its entry's");
            Assert.AreEqual(0.6f, frame.EffectiveConfidence(AffectEntry.Stress), 1e-6, "another's");
        }

        [Test]
        public void LevelsOfAnOlderSidecarAreMadeOfTheEntries()
        {
            var frame = new AffectFrame();
            frame.Set(AffectEntry.Arousal, -0.5f);
            frame.Set(AffectEntry.Stress, 0.4f);
            Assert.AreEqual(0.25f, frame.EffectiveValue(AffectEntry.ArousalLevel), 1e-6);
            Assert.AreEqual(0.4f, frame.EffectiveValue(AffectEntry.StressLevel), 1e-6);
            Assert.IsTrue(float.IsNaN(frame.EffectiveValue(AffectEntry.FocusLevel)));
            Assert.IsFalse(frame.Has(AffectEntry.ArousalLevel));
        }

        [Test]
        public void AgesAndConfidencesOutlastFramesWithoutThem()
        {
            var first = new AffectFrame();
            first.Set(AffectEntry.Stress, 0.4f);
            first.SetEvidence(AffectEntry.Stress, 0.2f, 0.6f);
            first.Stamp("p", 1, 0, 1, 1, AffectState.Ok);
            var next = new AffectFrame();
            next.Set(AffectEntry.Stress, 0.5f);
            next.Stamp("p", 1, 1, 1.1, 1.1, AffectState.Ok);
            next.KeepEvidence(first);
            Assert.AreEqual(0.6f, next.Confidence(AffectEntry.Stress), 1e-6);
            Assert.AreEqual(0.3f, next.Age(AffectEntry.Stress), 1e-6);
            var late = new AffectFrame();
            late.Set(AffectEntry.Stress, 0.5f);
            late.Stamp("p", 1, 2, 2.2, 2.2, AffectState.Ok);
            late.KeepEvidence(next);
            Assert.IsFalse(late.HasEvidence, "too old");
        }

        [Test]
        public void BodyAloneMovesBindings()
        {
            SentioBinding heart = Bound(AffectEntry.HeartRate), stress = Bound(AffectEntry.StressLevel);
            heart.Points = new[] { new Vector2(60, 0), new Vector2(110, 1) };
            heart.Neutral = 60;
            _feed.Give(AffectEntry.HeartRate, 110, 0.004f);
            Run(heart, 5);
            Assert.AreEqual(1, heart.Value, 0.01, "a measurement, where only values came");
            _feed.GiveSure(AffectEntry.StressLevel, 0.95f, 0.04f);
            Run(stress, 5);
            Assert.AreEqual(0.95f, stress.Value, 0.01, "its own confidence");
            Assert.AreEqual("following stress_level", stress.Status);
        }

        [Test]
        public void ABindingReportsWhyItWaits()
        {
            SentioBinding binding = Bound(AffectEntry.ArousalLevel);
            StringAssert.Contains("no state", binding.Status);
            _feed.Give(AffectEntry.HeartRate, 70, 0.1f);
            StringAssert.Contains("arousal_level is unknown", binding.Status);
            _feed.GiveSure(AffectEntry.ArousalLevel, 0.7f, 0.1f);
            binding.Threshold = 0.5f;
            StringAssert.Contains("confidence 0.10, below 0.50", binding.Status);
            binding.Threshold = 0.05f;
            Assert.AreEqual("following arousal_level", binding.Status);
            binding.Adapt = false;
            Assert.AreEqual("adaptation is off", binding.Status);
        }

        [Test]
        public void ADirectorNamesOnlyWhatItUsed()
        {
            SentioDirector director = _rig.Make<SentioDirector>(one => one.Source = _feed);
            director.Settings.ReportSeconds = 0;
            director.Settings.ReportStep = 0.01f;
            director.Settings.Threshold = 0.2f;
            _feed.GiveSure(AffectEntry.ArousalLevel, 0.52f, 0.1f);
            for (int frame = 0; frame < 50; frame++) director.Advance(0.02f);
            foreach (string report in _feed.Reported)
            {
                StringAssert.Contains("below 0.20", report);
                Assert.IsFalse(report.Contains("0.52"), report);
            }
            _feed.GiveSure(AffectEntry.ArousalLevel, 0.52f, 0.9f);
            for (int frame = 0; frame < 150; frame++) director.Advance(0.02f);
            StringAssert.Contains("arousal_level 0.52 for 0.60", _feed.Reported[_feed.Reported.Count - 1]);
        }

        [Test]
        public void AHighLevelAloneIsNoDistress()
        {
            SentioDirector director = _rig.Make<SentioDirector>(one => one.Source = _feed);
            director.Settings.DistressSeconds = 1;
            director.Settings.PeakAt = 2;
            director.Settings.BuildUp = 40;
            _feed.GiveSure(AffectEntry.ArousalLevel, 0.95f, 0.5f);
            _feed.Give(AffectEntry.Arousal, 0.2f, 0.5f);
            for (int frame = 0; frame < 250; frame++) director.Advance(0.02f);
            float before = director.Demand;
            for (int frame = 0; frame < 750; frame++) director.Advance(0.02f);
            Assert.Greater(director.Demand, before + 0.1f);
            _feed.Give(AffectEntry.Arousal, 0.9f, 0.5f);
            for (int frame = 0; frame < 100; frame++) director.Advance(0.02f);
            before = director.Demand;
            for (int frame = 0; frame < 750; frame++) director.Advance(0.02f);
            Assert.LessOrEqual(director.Demand, before + 1e-4f);
        }

        [Test]
        public void ASafeStopActsOnAFrozenDirector()
        {
            SentioRails rails = _rig.Make<SentioRails>();
            SentioDirector director = _rig.Make<SentioDirector>(one => one.Rails = rails);
            for (int frame = 0; frame < 300; frame++) director.Advance(0.02f);
            Assert.Greater(director.Demand, 0.2f);
            rails.Freeze();
            rails.SafeStop();
            for (int frame = 0; frame < 200; frame++) director.Advance(0.02f);
            Assert.AreEqual(0, director.Demand, 1e-6);
        }

        [Test]
        public void BreathingTakesTheNextFeedWhenItsOwnIsDestroyed()
        {
            SentioBreathing breathing = _rig.Make<SentioBreathing>();
            _feed.Give(AffectEntry.HeartRate, 70, 0.5f);
            breathing.Advance(0.02f);
            Assert.AreEqual("following heart_rate", breathing.Status);
            Object.DestroyImmediate(_feed.gameObject);
            for (int frame = 0; frame < 100; frame++) breathing.Advance(0.02f);
            StringAssert.Contains("no feed", breathing.Status);
            HandFeed next = _rig.Make<HandFeed>();
            next.Give(AffectEntry.HeartRate, 80, 0.5f);
            for (int frame = 0; frame < 100; frame++) breathing.Advance(0.02f);
            Assert.AreEqual("following heart_rate", breathing.Status);
        }
    }
}
