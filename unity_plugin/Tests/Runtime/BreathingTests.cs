using System;
using System.Collections.Generic;
using NUnit.Framework;
using Sentio.Behaviour;

namespace Sentio.Tests
{
    /// <summary>Tests of paced breathing.</summary>
    [TestFixture]
    public class BreathingTests
    {
        private Rig _rig;
        private HandFeed _feed;
        private SentioBreathing _breathing;

        [SetUp]
        public void Begin()
        {
            _rig = new Rig();
            _feed = _rig.Make<HandFeed>();
            _breathing = _rig.Make<SentioBreathing>(one => one.Source = _feed);
        }

        [TearDown]
        public void End() { _rig.Dispose(); }

        private void Run(float seconds, Func<float> heart = null)
        {
            for (int frame = 0; frame < seconds * 50; frame++)
            {
                if (heart != null) _feed.Give(AffectEntry.HeartRate, heart(), 0.8f);
                _breathing.Advance(0.02f);
            }
        }

        [Test]
        public void ItPacesWithoutASensor()
        {
            var stages = new List<BreathStage>();
            int breaths = 0;
            _breathing.StageChanged += stages.Add;
            _breathing.BreathFinished += count => breaths = count;
            _breathing.StartRate = _breathing.TargetRate = 6;
            Run(30.1f);
            Assert.AreEqual(3, breaths);
            Assert.AreEqual(6, _breathing.Rate, 1e-6);
            Assert.AreEqual(BreathStage.Exhale, stages[0]);
            Assert.AreEqual(BreathStage.Inhale, stages[1]);
            Assert.IsTrue(float.IsNaN(_breathing.Coherence));
        }

        [Test]
        public void ItStartsAtThePersonsRate()
        {
            _feed.Give(AffectEntry.BreathingRate, 15, 0.8f);
            Run(0.02f);
            Assert.AreEqual(15, _breathing.Rate, 0.01);
            _feed.Give(AffectEntry.BreathingRate, 28, 0.8f);
            _breathing.Restart();
            Run(0.02f);
            Assert.AreEqual(20, _breathing.Rate, 0.01, "not faster than a resting rate");
        }

        [Test]
        public void AHeartRateAtThePaceIsCoherent()
        {
            Run(60, () => 65 + 6 * (float)Math.Sin(2 * Math.PI * _breathing.Phase));
            Assert.Greater(_breathing.Coherence, 0.9f);
            _breathing.Restart();
            int at = 0;
            Run(60, () => 65 + 6 * (float)Math.Sin(0.02 * 2 * Math.PI * 0.37 * at++));
            Assert.Less(_breathing.Coherence, 0.4f);
        }

        [Test]
        public void ALostHeartRateIsUnknownAgain()
        {
            Run(60, () => 65 + 6 * (float)Math.Sin(2 * Math.PI * _breathing.Phase));
            float raised = 0;
            _breathing.CoherenceChanged += value => raised = value;
            _feed.AgeNow = 10;
            Run(45);
            Assert.IsTrue(float.IsNaN(raised));
        }

        [Test]
        public void ItStopsWhenNotRunning()
        {
            Run(2);
            _breathing.Running = false;
            float before = _breathing.Volume;
            Run(2);
            Assert.AreEqual(before, _breathing.Volume);
        }

        [Test]
        public void ABreathWithoutLengthIsReported()
        {
            _breathing.SetStages(0, 0, 0, 0);
            StringAssert.Contains("length", _breathing.Problem);
            _breathing.SetStages(4, 7, 8, 0);
            Assert.AreEqual("", _breathing.Problem);
            _breathing.StartRate = 10;
            _breathing.Restart();
            Run(2);
            Assert.AreEqual(BreathStage.Hold, _breathing.Stage);
        }
    }
}
