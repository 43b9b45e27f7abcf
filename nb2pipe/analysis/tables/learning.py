"""scikit-learn and libraries whose estimators work as its do."""

from nb2pipe.analysis.tables.words import words

FUNCTIONS = {
    "sklearn": {"any sets=sklearn": "set_config", "estimator copied": "clone base.clone"},
    "sklearn.base": {"estimator copied": "clone"},
    "sklearn.model_selection": {
        "split draws=numpy.random": "train_test_split",
        "array fits draws=none": "cross_val_score cross_val_predict cross_validate",
        "array fits": "learning_curve validation_curve permutation_test_score",
        "any": "ParameterGrid",
        "estimator": "KFold StratifiedKFold GroupKFold TimeSeriesSplit LeaveOneOut LeavePOut PredefinedSplit",
        "estimator draws-later": """
            ShuffleSplit StratifiedShuffleSplit GroupShuffleSplit RepeatedKFold RepeatedStratifiedKFold ParameterSampler
        """,
    },
    "sklearn.datasets": {
        "split draws=numpy.random": """make_classification make_regression make_blobs make_moons make_circles
            make_friedman1 make_friedman2 make_friedman3 make_swiss_roll make_s_curve make_gaussian_quantiles
            make_hastie_10_2 make_low_rank_matrix make_sparse_coded_signal make_multilabel_classification
            make_spd_matrix make_sparse_spd_matrix make_sparse_uncorrelated make_biclusters make_checkerboard""",
    },
    "sklearn.inspection": {
        "any fits draws=numpy.random": "permutation_importance",
        "axes": "PartialDependenceDisplay.from_estimator DecisionBoundaryDisplay.from_estimator",
    },
    "sklearn.utils": {
        "split draws=numpy.random": "shuffle resample",
        "any": "Bunch check_array check_X_y",
        "rng holds opaque": "check_random_state",
    },
    "sklearn.metrics": {
        "axes": "ConfusionMatrixDisplay ConfusionMatrixDisplay.from_predictions ConfusionMatrixDisplay.from_estimator "
        "RocCurveDisplay.from_estimator RocCurveDisplay.from_predictions PrecisionRecallDisplay.from_estimator",
        "str": "classification_report",
        "any holds": "make_scorer get_scorer",
        "split": "roc_curve precision_recall_curve precision_recall_fscore_support",
    },
    "sklearn.metrics.pairwise": {},
    "sklearn.preprocessing": {
        "array": "label_binarize",
        "array overwrites": """scale normalize minmax_scale maxabs_scale robust_scale binarize power_transform
            quantile_transform""",
    },
    "sklearn.feature_selection": {
        "split draws=numpy.random": "mutual_info_classif mutual_info_regression",
        "split": "f_classif f_regression chi2",
    },
    "sklearn.tree": {"axes": "plot_tree", "str": "export_text export_graphviz"},
    "sklearn.pipeline": {"estimator holds flat": "Pipeline make_pipeline FeatureUnion make_union"},
    "sklearn.compose": {
        "estimator holds flat": "ColumnTransformer make_column_transformer TransformedTargetRegressor",
        "any": "make_column_selector",
    },
    "sklearn.linear_model": {"split": "lasso_path enet_path lars_path"},
    "sklearn.cluster": {
        "split draws=numpy.random": "k_means kmeans_plusplus mean_shift spectral_clustering",
        "split": "dbscan",
    },
    "sklearn.decomposition": {"split draws=numpy.random": "fastica dict_learning"},
    "sklearn.covariance": {"any": "empirical_covariance ledoit_wolf"},
    "sklearn.exceptions": {},
    "xgboost": {"any": "DMatrix train cv", "axes": "plot_importance plot_tree"},
    "lightgbm": {"any": "Dataset train cv", "axes": "plot_importance"},
    "catboost": {"any": "Pool"},
    "imblearn": {},
    "shap": {"none": "summary_plot force_plot plots.bar plots.beeswarm", "any holds": "TreeExplainer Explainer"},
}

DEFAULTS = {
    "sklearn": "any",
    "sklearn.datasets": "any",
    "sklearn.metrics": "scalar",
    "sklearn.metrics.pairwise": "array",
    "sklearn.utils": "any",
    "sklearn.inspection": "any",
    "sklearn.exceptions": "exception",
    "sklearn.model_selection": "any",
    "sklearn.covariance": "estimator holds flat",
    "xgboost": "estimator holds flat",
    "lightgbm": "estimator holds flat",
    "catboost": "estimator holds flat",
    "imblearn": "estimator holds flat draws-later",
    "shap": "any",
}

# Estimators of scikit-learn that draw random numbers when no random_state is given; all others do not.
SEEDABLE = words(
    """
    AdaBoostClassifier AdaBoostRegressor AffinityPropagation BaggingClassifier BaggingRegressor
    BayesianGaussianMixture BernoulliRBM BisectingKMeans ClassifierChain DecisionTreeClassifier
    DecisionTreeRegressor DictionaryLearning DummyClassifier EllipticEnvelope ExtraTreeClassifier
    ExtraTreeRegressor ExtraTreesClassifier ExtraTreesRegressor FactorAnalysis FastICA GaussianMixture
    GaussianProcessClassifier GaussianProcessRegressor GaussianRandomProjection GradientBoostingClassifier
    GradientBoostingRegressor HalvingGridSearchCV HalvingRandomSearchCV HistGradientBoostingClassifier
    HistGradientBoostingRegressor IsolationForest IterativeImputer KBinsDiscretizer KMeans KernelPCA Lars
    LassoLars LatentDirichletAllocation LinearSVC LinearSVR LocallyLinearEmbedding MDS MLPClassifier
    MLPRegressor MinCovDet MiniBatchDictionaryLearning MiniBatchKMeans MiniBatchNMF MiniBatchSparsePCA NMF
    NeighborhoodComponentsAnalysis Nystroem OutputCodeClassifier PCA PassiveAggressiveClassifier
    PassiveAggressiveRegressor PatchExtractor Perceptron PolynomialCountSketch QuantileTransformer
    RANSACRegressor RBFSampler RandomForestClassifier RandomForestRegressor RandomTreesEmbedding
    RandomizedSearchCV RegressorChain SGDClassifier SGDOneClassSVM SGDRegressor SkewedChi2Sampler SparsePCA
    SparseRandomProjection SpectralBiclustering SpectralClustering SpectralCoclustering SpectralEmbedding TSNE
    TargetEncoder TheilSenRegressor TruncatedSVD TunedThresholdClassifierCV
    """
)

# Draw only when an argument says so: name -> (argument, values).
SEEDABLE_IF = {
    "KFold": ("shuffle", (True,)),
    "StratifiedKFold": ("shuffle", (True,)),
    "LogisticRegression": ("solver", ("liblinear", "sag", "saga")),
    "LogisticRegressionCV": ("solver", ("liblinear", "sag", "saga")),
    "Ridge": ("solver", ("sag", "saga")),
    "RidgeClassifier": ("solver", ("sag", "saga")),
    "Lasso": ("selection", ("random",)),
    "ElasticNet": ("selection", ("random",)),
    "LassoCV": ("selection", ("random",)),
    "ElasticNetCV": ("selection", ("random",)),
    "MultiTaskLasso": ("selection", ("random",)),
    "MultiTaskLassoCV": ("selection", ("random",)),
    "MultiTaskElasticNet": ("selection", ("random",)),
    "MultiTaskElasticNetCV": ("selection", ("random",)),
    "SVC": ("probability", (True,)),
    "NuSVC": ("probability", (True,)),
}

METHODS = {
    "estimator": {
        "self mutates deep fits": "fit partial_fit",
        "array mutates deep fits": "fit_transform fit_predict fit_resample",
        "self mutates deep": """
            set_params set_output set_fit_request load_state_dict train eval to cuda cpu half load_model
        """,
        "array": """predict predict_proba predict_log_proba decision_function transform inverse_transform
            score_samples staged_predict staged_predict_proba kneighbors apply feature_names_in_ get_support""",
        "scalar": "score get_n_leaves get_depth aic bic",
        "array fits": "sample",
        "dict holds": "get_params state_dict named_parameters",
        "list flat": "get_feature_names_out",
        "iterator holds": "parameters",
        "iterator holds fits": "split",
        "none writes0": "save_model",
        "scalar ": "get_n_splits",
        "any": "get_booster get_metadata_routing",
    },
}

METHOD_DEFAULTS: dict[str, str] = {}
