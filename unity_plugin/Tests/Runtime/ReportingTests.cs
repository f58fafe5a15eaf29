using System;
using System.Collections.Generic;
using NUnit.Framework;
using Sentio.Behaviour;
using UnityEngine;
using Object = UnityEngine.Object;

namespace Sentio.Tests
{
    /// <summary>Every change is reported with its cause, requested and given value, and author.</summary>
    [TestFixture]
    public class ReportingTests
    {
        private const float Frame = 1f / 60f;
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

        private SentioBinding Binding()
        {
            return _rig.Make<SentioBinding>(one =>
            {
                one.Source = _feed;
                one.What = "lamp";
            });
        }

        private static void Run(SentioBinding binding, float seconds)
        {
            for (int i = 0; i < seconds / Frame; i++) binding.Advance(Frame);
        }

        [Test]
        public void WhatASidecarWouldRefuseIsNamedAndNotSent()
        {
            HandFeed feed = _rig.Make<HandFeed>();
            foreach (string what in new[] { "demand", new string('x', 256), Pictures(256) })
                Assert.IsTrue(feed.Report(new SentioAdaptation(what, 0.5, new string('y', 2048)).Authored(new string('z', 256))), what.Length.ToString());
            var wrong = new[]
            {
                new SentioAdaptation("", 0.5, ""), new SentioAdaptation(new string('x', 257), 0.5, ""), new SentioAdaptation(Pictures(257), 0.5, ""),
                new SentioAdaptation("demand", double.NaN, ""), new SentioAdaptation("demand", double.PositiveInfinity, ""),
                new SentioAdaptation("demand", 0.5, "").Authored(new string('z', 257)), new SentioAdaptation("demand", 0.5, new string('y', 2049)),
            };
            int shown = 0;
            feed.Adapted += one => shown++;
            foreach (SentioAdaptation one in wrong) Assert.IsFalse(feed.Report(one), one.Problem());
            Assert.AreEqual(3, feed.Reports.Count);
            Assert.AreEqual(wrong.Length, shown, "the game sees them");
        }

        private static string Pictures(int count) { return new System.Text.StringBuilder().Insert(0, "\U0001f600", count).ToString(); }

        [Test]
        public void ABindingReportsAtMostTenChangesASecondWithTheirCause()
        {
            SentioBinding binding = Binding();
            for (int i = 0; i < 600; i++)
            {
                _feed.Give(AffectEntry.ArousalLevel, (float)(0.5 + 0.5 * Math.Sin(i / 20.0)), 0.9f);
                binding.Advance(Frame);
            }
            int count = _feed.About("lamp").Count;
            Assert.Greater(count, 50);
            Assert.LessOrEqual(count, 101);
            StringAssert.StartsWith("arousal_level 0.", _feed.Reports[count - 1].Why);
            binding.Adapt = false;
            Run(binding, 4);
            StringAssert.Contains("adaptation is off", _feed.Reports[_feed.Reports.Count - 1].Why);
            int still = _feed.Reports.Count;
            Run(binding, 3);
            Assert.AreEqual(still, _feed.Reports.Count);
        }

        [Test]
        public void ALimitedBindingReportsRequestAndResult()
        {
            _feed.Give(AffectEntry.ArousalLevel, 1, 0.9f);
            SentioRails rails = _rig.Make<SentioRails>(one => one.Feed = _feed);
            SentioBinding binding = Binding();
            binding.Rails = rails;
            binding.Smoothing = 0;
            binding.EaseSeconds = 0;
            Run(binding, 1);
            List<SentioAdaptation> lamp = _feed.About("lamp");
            SentioAdaptation last = lamp[lamp.Count - 1];
            Assert.Greater(last.Asked, last.Value + 0.1);
            StringAssert.Contains("limited by rails", last.Why);
            Assert.AreEqual(lamp.Count, _feed.Reports.Count);
            Assert.AreEqual(last.Asked, last.Arguments()["asked"]);
        }

        [Test]
        public void WhatTheGamePassesThroughRailsIsReported()
        {
            SentioRails rails = _rig.Make<SentioRails>(one => one.Feed = _feed);
            rails.Define("fog", 0, 1);
            for (int i = 0; i < 60; i++) rails.Limit("fog", 1, Frame);
            List<SentioAdaptation> fog = _feed.About("fog");
            Assert.GreaterOrEqual(fog.Count, 3);
            Assert.LessOrEqual(fog.Count, 11);
            Assert.AreEqual("limited by the rail slew", fog[fog.Count - 1].Why);
        }

        [Test]
        public void FreezesAndHoldsHaveAuthorDurationAndEnd()
        {
            _feed.Give(AffectEntry.ArousalLevel, 0.5f, 0.9f);
            SentioRails rails = _rig.Make<SentioRails>(one => one.Feed = _feed);
            rails.Freeze("therapist");
            rails.Advance(1);
            rails.Advance(1);
            rails.Unfreeze("therapist");
            List<SentioAdaptation> freezes = _feed.About("freeze");
            Assert.AreEqual(2, freezes.Count);
            Assert.AreEqual("therapist", freezes[0].By);
            Assert.AreEqual(2, freezes[1].Seconds, 1e-6);
            SentioBinding binding = Binding();
            binding.Advance(Frame);
            binding.HoldValue(0.9f, "therapist", 2);
            Run(binding, 1);
            Assert.AreEqual(0.9f, binding.Value, 1e-6);
            Run(binding, 3);
            Assert.AreEqual(0.5f, binding.Value, 0.02);
            List<SentioAdaptation> held = _feed.About("lamp").FindAll(one => one.By == "therapist");
            Assert.AreEqual("released", held[held.Count - 1].Why);
            Assert.AreEqual(2, held[held.Count - 1].Seconds, 0.05);
            rails.SafeStop("player");
            Assert.AreEqual("player", _feed.Reports[_feed.Reports.Count - 1].By);
        }

        [Test]
        public void ADirectorReportsAnAuthoredHoldAndItsEnd()
        {
            _feed.Give(AffectEntry.ArousalLevel, 0.2f, 0.9f);
            SentioDirector director = _rig.Make<SentioDirector>(one => one.Source = _feed);
            for (int i = 0; i < 200; i++) director.Advance(Frame);
            director.HoldValue(0.9f, "therapist", 1);
            for (int i = 0; i < 120; i++) director.Advance(Frame);
            List<SentioAdaptation> held = _feed.About("demand").FindAll(one => one.By == "therapist");
            Assert.GreaterOrEqual(held.Count, 2);
            Assert.AreEqual(1, held[held.Count - 1].Seconds, 0.05);
            Assert.IsTrue(float.IsNaN(director.ManualDemand));
            director.Enter(PacingState.Relax, "therapist");
            Assert.AreEqual("entered relax", _feed.Reports[_feed.Reports.Count - 1].Why);
        }

        [Test]
        public void ABindingAndADirectorTakeAPreset()
        {
            var preset = ScriptableObject.CreateInstance<SentioPreset>();
            preset.Entry = AffectEntry.HeartRate;
            preset.Points = new[] { new Vector2(50, 0), new Vector2(130, 1) };
            preset.Neutral = 70;
            _feed.Give(AffectEntry.HeartRate, 130, 0.9f);
            SentioBinding binding = Binding();
            binding.Preset = preset;
            Run(binding, 12);
            Assert.AreEqual(1, binding.Value, 0.02);
            SentioDirector director = _rig.Make<SentioDirector>(one => one.Source = _feed);
            director.Preset = preset;
            for (int i = 0; i < 600; i++) director.Advance(Frame);
            Assert.AreEqual(1, director.Intensity, 0.05);
        }

        [Test]
        public void AComparisonSwitchesEverythingAndReportsTheArm()
        {
            SentioBinding binding = Binding();
            _feed.Subject = "p7";
            SentioComparison comparison = _rig.Make<SentioComparison>(one =>
            {
                one.Source = _feed;
                one.AssignOnStart = false;
                one.Assignment = Assignment.Off;
                one.Root = binding.transform;
            });
            Assert.AreEqual(Arm.Off, comparison.Assign());
            Assert.IsFalse(binding.Adapt);
            Assert.AreEqual("off", _feed.MarkedWith["arm"]);
            Assert.AreEqual("off, fixed", _feed.About("arm")[0].Why);
            comparison.Assignment = Assignment.Blocks;
            comparison.BlockSeconds = 10;
            Arm first = comparison.Assign();
            for (int i = 0; i < 11; i++) comparison.Advance(1);
            Assert.AreNotEqual(first, comparison.Arm);
            comparison.SwitchTo(Arm.Adaptive, "therapist");
            Assert.AreEqual("therapist", _feed.Reports[_feed.Reports.Count - 1].By);
            Assert.IsTrue(binding.Adapt);
        }

        private SentioComparison Comparison(Assignment assignment, Transform root)
        {
            return _rig.Make<SentioComparison>(one =>
            {
                one.Source = _feed;
                one.AssignOnStart = false;
                one.Assignment = assignment;
                one.Root = root;
            });
        }

        [Test]
        public void AnArmBySubjectWaitsForTheSubject()
        {
            SentioComparison comparison = Comparison(Assignment.BySubject, null);
            comparison.Assign();
            comparison.Advance(1);
            StringAssert.Contains("no state has named the subject", comparison.Status);
            Assert.IsEmpty(_feed.Marked, "nothing is assigned without a subject");
            foreach (string subject in new[] { "p0", "p4" })
            {
                _feed.Subject = subject;
                comparison.Advance(1);
                comparison.Assign();
                Assert.AreEqual(SentioComparison.ArmOf(subject, "study"), comparison.Arm);
            }
            Assert.AreNotEqual(SentioComparison.ArmOf("p0", "study"), SentioComparison.ArmOf("p4", "study"));
        }

        [Test]
        public void EveryRecordingHasTheArm()
        {
            SentioBinding early = Binding();
            SentioComparison comparison = Comparison(Assignment.Off, early.transform);
            _feed.Takes = false;
            comparison.Assign();
            comparison.Advance(1);
            Assert.AreEqual(1, _feed.About("arm").Count, "the game reports once");
            _feed.Takes = true;
            comparison.Advance(1);
            comparison.Advance(1);
            Assert.AreEqual(1, _feed.Marked.Count, "told when the sidecar is connected, once");
            _feed.GiveEvent("recording", "started");
            comparison.Advance(1);
            Assert.AreEqual(2, _feed.Marked.Count, "a recording that begins later");
            _feed.GiveLink(LinkState.Lost);
            comparison.Advance(1);
            Assert.AreEqual(3, _feed.Marked.Count, "another sidecar");
            Assert.AreEqual("fixed", _feed.MarkedWith["how"]);
            SentioBinding late = Binding();
            late.transform.SetParent(early.transform, false);
            comparison.Advance(1);
            Assert.IsFalse(late.Adapt, "what is added later is off too");
            comparison.SwitchTo(Arm.Adaptive, "therapist");
            Assert.IsTrue(late.Adapt && early.Adapt);
        }

        [Test]
        public void RailsFindAFeedThatComesLater()
        {
            Object.DestroyImmediate(_feed.gameObject);
            SentioRails rails = _rig.Make<SentioRails>();
            rails.Freeze("therapist");
            HandFeed next = _rig.Make<HandFeed>();
            rails.Advance(1);
            rails.Unfreeze("therapist");
            rails.SafeStop("therapist");
            Assert.AreEqual(2, next.Reports.Count);
        }

        [Test]
        public void RailsForgetBindingsThatAreGone()
        {
            SentioRails rails = _rig.Make<SentioRails>(one => one.Rise = 0.1f);
            string named = null;
            rails.Limited += note => named = note.What;
            SentioBinding binding = Binding();
            binding.Rails = rails;
            _feed.Give(AffectEntry.ArousalLevel, 1, 0.9f);
            Run(binding, 4);
            Assert.IsNotNull(named);
            Assert.Greater(rails.Limit(named, 1, Frame, true), 0.2, "on its way");
            Object.DestroyImmediate(binding.gameObject);
            Assert.Less(rails.Limit(named, 1, Frame, true), 0.01, "a new value of the name begins anew");
        }

        [Test]
        public void ArmsAreBalancedAndThoseOfTheGodotAddon()
        {
            int off = 0;
            for (int i = 0; i < 400; i++) off += (int)SentioComparison.ArmOf("p" + i.ToString("000"), "dread");
            Assert.AreEqual(211, off);
            string line = "";
            for (int i = 0; i < 16; i++) line += (int)SentioComparison.ArmOf("p" + i, "study");
            Assert.AreEqual("1111010010101111", line);
        }

        [Test]
        public void TheLineForPlayersNamesWhatAndWhyInPlainWords()
        {
            SentioWhy why = _rig.Make<SentioWhy>(one =>
            {
                one.Source = _feed;
                one.Words = new[] { new SentioWords { What = "demand", Words = "the pace of the shades" } };
            });
            why.Advance(0.1f);
            _feed.Report(new SentioAdaptation("demand", 0.4, "build-up, arousal_level 0.30 for 0.60"));
            Assert.AreEqual("the pace of the shades: you seem calm", why.Line);
            _feed.Report(new SentioAdaptation("demand", 0.5, "peak, arousal_level 0.50 for 0.60"));
            Assert.AreEqual("the pace of the shades: because of how stirred up you seem", why.Line);
            _feed.Report(new SentioAdaptation("demand", 0.1, "fade, arousal_level 0.97, limited by rails"));
            Assert.AreEqual("the pace of the shades: you seem stirred up", why.Line);
            _feed.Report(new SentioAdaptation("demand", 0.2, "build-up, arousal_level 0.97 for 0.60"));
            Assert.AreEqual("the pace of the shades: because of how stirred up you seem", why.Line);
            _feed.Report(new SentioAdaptation("Lamp:arousal_level", 0.4, "arousal_level 0.30"));
            Assert.AreEqual("Lamp: you seem calm", why.Line, "a binding without a name");
            _feed.Report(new SentioAdaptation("fog", 1, "stress_level has confidence 0.01, below 0.02"));
            Assert.AreEqual("fog: not sure, the usual course", why.Line);
            _feed.Report(new SentioAdaptation("demand", 0.4, "build-up, arousal_level 0.30 for 0.60"));
            Assert.IsTrue(why.Shown);
            _feed.Report(new SentioAdaptation("freeze", 1, "frozen").Authored("therapist"));
            Assert.AreEqual("freeze: frozen by therapist", why.Line);
            why.ShowLine = false;
            Assert.IsFalse(why.Shown);
        }
    }
}
