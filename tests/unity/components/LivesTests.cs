using System;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using NUnit.Framework;
using UnityEngine;
using Object = UnityEngine.Object;

namespace Sentio.Tests
{
    /// <summary>Every component while its feed is destroyed or switched off, and at any time scale.</summary>
    [TestFixture]
    public class LivesTests
    {
        private static readonly float[] Scales = { 0f, 0.1f, 1f, 4f };

        private Rig _rig;

        [SetUp]
        public void Begin()
        {
            Stage.Reset();
            _rig = new Rig();
        }

        [TearDown]
        public void End() { Stage.Reset(); }

        private static IEnumerable<Type> Components()
        {
            foreach (Type type in typeof(SentioFeed).Assembly.GetTypes())
                if (type.IsSubclassOf(typeof(MonoBehaviour)) && !type.IsAbstract && type.IsPublic) yield return type;
        }

        private MonoBehaviour Make(Type type, Action<MonoBehaviour> set)
        {
            MethodInfo make = typeof(LivesTests).GetMethod("MakeOne", BindingFlags.Instance | BindingFlags.NonPublic);
            return (MonoBehaviour)make.MakeGenericMethod(type).Invoke(this, new object[] { set });
        }

        private T MakeOne<T>(Action<MonoBehaviour> set) where T : MonoBehaviour { return _rig.Make<T>(one => set(one)); }

        private Component Held(Type type)
        {
            if (type == typeof(SentioClient)) return _rig.Make<SentioClient>(one => one.Autostart = false);
            if (type == typeof(SentioFeed)) return _rig.Make<SentioSimulator>();
            if (type == typeof(SentioRails)) return _rig.Make<SentioRails>();
            if (type == typeof(SentioLauncher)) return _rig.Make<SentioLauncher>(one => one.Autostart = false);
            if (type == typeof(Transform)) return _rig.Make<SentioMarker>().transform;
            return type == typeof(SkinnedMeshRenderer) ? _rig.Face("jawOpen") : null;
        }

        // Calls what a game would call, with what was destroyed.
        private static void Use(MonoBehaviour part)
        {
            foreach (string name in new[] { "Send", "Begin", "Stop", "Open", "Close", "Search", "Store", "Withdraw", "WithdrawAll",
                "SafeStop", "Freeze", "Unfreeze", "Assign", "Restart", "ReleaseValue", "Clear", "ToggleVisible" })
            {
                MethodInfo method = part.GetType().GetMethod(name, Type.EmptyTypes);
                if (method != null && method.DeclaringType.Namespace == "Sentio") method.Invoke(part, null);
            }
            MethodInfo hold = part.GetType().GetMethod("Hold", new[] { typeof(string) });
            if (hold != null) hold.Invoke(part, new object[] { "x" });
        }

        [Test]
        public void NoComponentFailsWhenWhatItHoldsIsDestroyed()
        {
            int count = 0;
            foreach (Type type in Components())
            {
                if (type == typeof(SentioLauncher)) continue;
                var held = new List<Component>();
                MonoBehaviour part = Make(type, one =>
                {
                    foreach (PropertyInfo property in type.GetProperties())
                    {
                        Component made = property.CanWrite && property.GetIndexParameters().Length == 0 ? Held(property.PropertyType) : null;
                        if (made == null) continue;
                        property.SetValue(one, made, null);
                        held.Add(made);
                    }
                });
                Stage.Run(0.2f);
                foreach (Component one in held) Object.Destroy(one.gameObject);
                Stage.Run(0.2f);
                Use(part);
                Stage.Run(1f);
                Object.Destroy(part.gameObject);
                count++;
            }
            Assert.Greater(count, 20);
        }

        [Test]
        public void PeopleLiveInRealTime()
        {
            byte[] recorded = File.ReadAllBytes(Path.Combine(Environment.GetEnvironmentVariable("SENTIO_VECTORS"), "frames/mixed.frames"));
            string path = Path.GetTempFileName();
            File.WriteAllBytes(path, recorded);
            foreach (float scale in Scales)
            {
                Time.timeScale = scale;
                var simulator = _rig.Make<SentioSimulator>();
                var binding = _rig.Make<SentioBinding>(one => one.Source = simulator);
                var player = _rig.Make<SentioPlayer>(one =>
                {
                    one.Path = path;
                    one.Loop = true;
                });
                int frames = 0;
                simulator.Frame += frame => frames++;
                double before = player.Position;
                Stage.Run(2f);
                Assert.AreEqual(2 * simulator.RateHz, frames, 3, "frames at " + scale);
                Assert.AreNotEqual(before, player.Position, "a recording at " + scale);
                Assert.AreEqual("following arousal_level", binding.Status, "at " + scale);
                foreach (MonoBehaviour one in new MonoBehaviour[] { simulator, binding, player }) Object.Destroy(one.gameObject);
            }
            File.Delete(path);
        }

        [Test]
        public void WhatAPersonHoldsEndsAfterTheirTime()
        {
            foreach (float scale in Scales)
            {
                Time.timeScale = scale;
                var director = _rig.Make<SentioDirector>();
                director.HoldValue(0.9f, "therapist", 0.5);
                Stage.Run(0.4f);
                Assert.AreEqual(0.9f, director.ManualDemand, "still held at " + scale);
                Stage.Run(0.2f);
                Assert.IsTrue(float.IsNaN(director.ManualDemand), "ended at " + scale);
                Object.Destroy(director.gameObject);
            }
        }

        [Test]
        public void RailsBreathsAndStepsActAtAnyTimeScale()
        {
            foreach (float scale in Scales)
            {
                Time.timeScale = scale;
                var feed = _rig.Make<HandFeed>();
                var rails = _rig.Make<SentioRails>(one => one.StopSeconds = 1);
                var binding = _rig.Make<SentioBinding>(one =>
                {
                    one.Source = feed;
                    one.Rails = rails;
                });
                var breathing = _rig.Make<SentioBreathing>(one =>
                {
                    one.StartRate = 15;
                    one.TargetRate = 15;
                });
                for (int frame = 0; frame < 480; frame++)
                {
                    feed.Give(AffectEntry.ArousalLevel, 1, 0.9f);
                    Stage.Frame(1f / 60);
                }
                Assert.Greater(binding.Value, 0.9f, "followed at " + scale);
                Assert.AreEqual(2, breathing.Breaths + breathing.Phase, 0.05, "breaths in 8 s at " + scale);
                rails.SafeStop();
                Stage.Run(1.2f);
                Assert.AreEqual(0.5f, binding.Value, 1e-3, "stopped at " + scale);
                foreach (MonoBehaviour one in new MonoBehaviour[] { feed, rails, binding, breathing }) Object.Destroy(one.gameObject);
            }
        }

        [Test]
        public void ARecordingAndABaselineGoOnWhileTheirObjectMoves()
        {
            string path = Path.Combine(Path.GetTempPath(), "sentio-moved.frames");
            var client = (SentioClient)Held(typeof(SentioClient));
            var recorder = _rig.Make<SentioRecorder>(one =>
            {
                one.Client = client;
                one.Where = RecordWhere.FrameFile;
                one.Path = path;
            });
            recorder.Begin();
            Assert.IsTrue(recorder.Active, recorder.Reason);
            recorder.transform.SetParent(client.transform, false);
            Stage.Run(0.1f);
            Assert.IsTrue(recorder.Active, recorder.Reason);
            recorder.gameObject.SetActive(false);
            Assert.IsFalse(recorder.Active);
            File.Delete(path);
        }

        [Test]
        public void TwoRecordersOfOneClientWriteBoth()
        {
            var client = (SentioClient)Held(typeof(SentioClient));
            var recorders = new List<SentioRecorder>();
            for (int i = 0; i < 2; i++)
            {
                SentioRecorder recorder = _rig.Make<SentioRecorder>(one =>
                {
                    one.Client = client;
                    one.Where = RecordWhere.FrameFile;
                });
                recorder.Begin();
                Assert.IsTrue(recorder.Active, recorder.Reason);
                recorders.Add(recorder);
            }
            Assert.AreNotEqual(recorders[0].Reason, recorders[1].Reason, "two files");
            string first = recorders[0].Reason, second = recorders[1].Reason;
            client.MessageObserver(new byte[64], 0, 64);
            recorders[0].Stop();
            Assert.IsTrue(recorders[1].Active, "the other goes on");
            client.MessageObserver(new byte[64], 0, 64);
            recorders[1].Stop();
            Assert.AreEqual("1 messages written", recorders[0].Reason);
            Assert.AreEqual("2 messages written", recorders[1].Reason);
            Assert.IsNull(client.MessageObserver);
            foreach (string line in new[] { first, second }) File.Delete(line.Substring("recording to ".Length));
        }

        [Test]
        public void ARecorderStartsAgainWithTheNextClient()
        {
            var client = (SentioClient)Held(typeof(SentioClient));
            string path = Path.Combine(Path.GetTempPath(), "sentio-next.frames");
            SentioRecorder recorder = _rig.Make<SentioRecorder>(one =>
            {
                one.Client = client;
                one.Where = RecordWhere.FrameFile;
                one.Path = path;
            });
            recorder.Begin();
            Object.DestroyImmediate(client.gameObject);
            var next = (SentioClient)Held(typeof(SentioClient));
            recorder.Client = next;
            recorder.Begin();
            Assert.IsTrue(recorder.Active, recorder.Reason);
            Assert.IsNotNull(next.MessageObserver);
            recorder.Stop();
            Assert.IsNull(next.MessageObserver);
            File.Delete(path);
        }
    }
}
