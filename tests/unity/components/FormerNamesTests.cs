using System.Collections.Generic;
using NUnit.Framework;
using UnityEngine;

namespace Sentio.Tests
{
    /// <summary>Former public names still work; the compiler warns about them (CS0618).</summary>
    public sealed class FormerNamesTests
    {
        private Rig _rig;

        [SetUp]
        public void Begin() { _rig = new Rig(); }

        [TearDown]
        public void End() { _rig.Dispose(); }

#pragma warning disable 618
        [Test]
        public void SeedIsRandomSeed()
        {
            SentioSimulator simulator = _rig.Make<SentioSimulator>(one => one.Seed = 7);
            Assert.AreEqual(7, simulator.RandomSeed);
            simulator.RandomSeed = 8;
            Assert.AreEqual(8, simulator.Seed);
        }

        [Test]
        public void EndIsStop()
        {
            SentioRecorder recorder = _rig.Make<SentioRecorder>();
            recorder.End();
            Assert.IsFalse(recorder.Active);
        }

        [Test]
        public void OverrideIsOverrideValues()
        {
            SentioClient client = _rig.Make<SentioClient>(one => one.Autostart = false);
            SentioReply single = client.Override(AffectEntry.Stress, 0.5, 10);
            SentioReply several = client.OverrideValues(new Dictionary<AffectEntry, double> { { AffectEntry.Stress, 0.5 } });
            Assert.AreEqual(several.Op, single.Op);
            Assert.AreEqual("closed", single.Error.Code);
        }

        [Test]
        public void ToldIsDescribe()
        {
            SentioWhy why = _rig.Make<SentioWhy>();
            var change = new SentioAdaptation("fog", 0.5, "arousal 0.40");
            Assert.AreEqual(why.Describe(change), why.Told(change));
        }

        [Test]
        public void CountersAreClientCounters()
        {
            Counters former = new ClientCounters { Superseded = 1, Outdated = 2, MissedEvents = 3, Malformed = 4 };
            Assert.AreEqual(1, former.Superseded);
            Assert.AreEqual(2, former.Outdated);
            Assert.AreEqual(3, former.MissedEvents);
            Assert.AreEqual(4, former.Malformed);
        }

        [Test]
        public void FormerPropertiesAreTheNewOnes()
        {
            SentioComfort comfort = _rig.Make<SentioComfort>(one => one.BetweenEyes = 0.2f);
            Assert.AreEqual(0.2f, comfort.MaxEyeDifference);
            Assert.AreEqual(comfort.ExitProgress, comfort.Exiting);
            SentioWhy why = _rig.Make<SentioWhy>();
            why.On = false;
            why.LeftOut = new[] { "fog" };
            Assert.IsFalse(why.ShowLine);
            Assert.AreEqual("fog", why.Excluded[0]);
            Assert.AreEqual(why.Excluded, why.LeftOut);
            Assert.IsFalse(_rig.Make<SentioBreathing>(one => one.StartWhereTheyAre = false).StartAtMeasuredRate);
            Assert.IsFalse(_rig.Make<SentioComparison>(one => one.WhenReady = false).AssignOnStart);
            Assert.AreEqual(0.5f, _rig.Make<SentioExpression>(one => one.Most = 0.5f).MaxWeight);
            Assert.AreEqual(3f, _rig.Make<SentioMarker>(one => one.LeastInterval = 3f).MinInterval);
            SentioExposure exposure = _rig.Make<SentioExposure>();
            exposure.Finish("helper");
            Assert.IsTrue(exposure.Over);
            Assert.AreEqual(SentioInput.PointerPosition, SentioInput.Where);
            Assert.AreEqual(SentioInput.ScrollPixels, SentioInput.Drawn);
        }

        [Test]
        public void FormerReadersOfEntriesAreTheNewOnes()
        {
            SentioSimulator simulator = _rig.Make<SentioSimulator>();
            simulator.Advance(0.7f);
            Assert.AreEqual(simulator.FreshValue(AffectEntry.Arousal), simulator.Fresh(AffectEntry.Arousal));
            Assert.AreEqual(simulator.EffectiveValue(AffectEntry.Arousal), simulator.Followed(AffectEntry.Arousal));
            Assert.AreEqual(simulator.EffectiveConfidence(AffectEntry.Arousal), simulator.Trust(AffectEntry.Arousal));
            AffectFrame frame = simulator.Latest;
            Assert.AreEqual(frame.EffectiveValue(AffectEntry.Arousal), frame.Followed(AffectEntry.Arousal));
            Assert.AreEqual(frame.EffectiveConfidence(AffectEntry.Arousal), frame.Trust(AffectEntry.Arousal));
            Assert.AreEqual(simulator.BreathPhase, simulator.Breath);
        }

        [Test]
        public void LeftIsExitRequested()
        {
            int count = 0;
            System.Action counted = () => count++;
            SentioComfort comfort = _rig.Make<SentioComfort>();
            comfort.Left += counted;
            for (int i = 0; i < 20; i++) comfort.HoldExit(true, 0.1f);
            comfort.Left -= counted;
            comfort.HoldExit(false, 0.1f);
            for (int i = 0; i < 20; i++) comfort.HoldExit(true, 0.1f);
            Assert.AreEqual(1, count);
        }

        [Test]
        public void ShapeIsSetStages()
        {
            SentioBreathing breathing = _rig.Make<SentioBreathing>();
            breathing.Shape(0, 0, 0, 0);
            Assert.AreNotEqual("", breathing.Problem);
            breathing.Shape(4, 7, 8, 0);
            Assert.AreEqual("", breathing.Problem);
        }

        [Test]
        public void FormerCountsOfInputAreTheNewOnes()
        {
            var rows = new float[2][];
            for (int i = 0; i < 2; i++)
            {
                SentioInputStatistics input = _rig.Make<SentioInputStatistics>(one => one.Automatic = false);
                if (i == 0) { input.Key(); input.Button(); input.Pointer(0.5f); input.Stick(new Vector2(1, 0)); input.Error(); }
                else { input.CountKey(); input.CountButton(); input.CountPointer(0.5f); input.CountStick(new Vector2(1, 0)); input.CountError(); }
                input.Advance(0.5f);
                rows[i] = new float[64];
                Assert.AreEqual(1, input.Read(rows[i]));
            }
            Assert.Greater(rows[1][0], 0f);
            Assert.AreEqual(rows[1], rows[0]);
        }
#pragma warning restore 618
    }
}
